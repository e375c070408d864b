'use client'
import { Pause, Play } from 'lucide-react'
import { useNode } from '@/hooks/use-node.ts'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { showHidden } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'

export function PauseButton({ torrent }: { readonly torrent: WatchSnapshot }) {
  const node = useNode()
  const isPaused = torrent.state.status === 'paused'
  const Icon = isPaused ? Play : Pause
  const verb = isPaused ? 'Resume' : 'Pause'
  return (
    <Button
      look="ghost"
      size="icon"
      aria-label={`${verb} download of ${showHidden(torrent.name) || 'this torrent'}`}
      title={`${verb} the transfer`}
      onClick={() =>
        isPaused ? node?.commands.resume(torrent.infoHash) : node?.commands.pause(torrent.infoHash)
      }
    >
      <Icon className="size-5" aria-hidden />
    </Button>
  )
}
