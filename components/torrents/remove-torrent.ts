import { loadNode } from '@/hooks/load-node.ts'
import { isolateText } from '@/lib/units/index.ts'
import { notify } from '../ui/notify.ts'

/** Takes a torrent off the list; a toast brings it back while its data is still there. */
export async function removeTorrent(infoHash: string, name: string): Promise<void> {
  const { commands } = await loadNode()
  const { undo } = await commands.remove(infoHash)
  await notify(`Removed “${isolateText(name || 'torrent')}”.`, {
    description: 'Its data is deleted from this browser.',
    durationMs: 7_000,
    action: { label: 'Undo', onClick: () => void bringBack() },
  })

  async function bringBack(): Promise<void> {
    if (await undo()) return
    await notify('Too late to undo.', { description: 'Its data is deleted. Add it again from its link.' })
  }
}
