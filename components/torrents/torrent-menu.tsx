'use client'
import { Download, EllipsisVertical, Link2, Magnet, Trash2 } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import type { ComponentType } from 'react'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { showHidden } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { copyText } from '../ui/copy-text.ts'
import { removeTorrent } from './remove-torrent.ts'
import { saveTorrent } from './save-torrent.ts'

interface Entry {
  readonly label: string
  readonly Icon: ComponentType<{ className?: string }>
  run(): void
}

/** Copy link, copy magnet, save .torrent, remove. */
export function TorrentMenu({
  torrent,
  onRemoved,
}: {
  readonly torrent: Pick<WatchSnapshot, 'infoHash' | 'name' | 'magnetUri'>
  onRemoved?(): void
}) {
  const { infoHash, name, magnetUri } = torrent
  const entries: readonly Entry[] = [
    {
      label: 'Copy link',
      Icon: Link2,
      run: () => void copyText(`${window.location.origin}/watch/#${infoHash}`),
    },
    { label: 'Copy magnet', Icon: Magnet, run: () => void copyText(magnetUri) },
    { label: 'Save .torrent', Icon: Download, run: () => void saveTorrent(infoHash, name) },
    {
      label: 'Remove',
      Icon: Trash2,
      run: () => void removeTorrent(infoHash, name).then(onRemoved),
    },
  ]
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <Button look="ghost" size="icon" aria-label={`More for ${showHidden(name) || 'this torrent'}`}>
          <EllipsisVertical className="size-5" aria-hidden />
        </Button>
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={4}
          className="z-40 min-w-44 rounded-xl border border-line bg-surface p-1 shadow-xl"
        >
          {entries.map(({ label, Icon, run }) => (
            <DropdownMenu.Item
              key={label}
              onSelect={run}
              className="flex h-10 cursor-pointer items-center gap-3 rounded-lg px-3 text-sm outline-none data-highlighted:bg-sunken"
            >
              <Icon className="size-4" aria-hidden />
              {label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
