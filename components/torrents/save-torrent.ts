import { loadNode } from '@/hooks/load-node.ts'
import { notify } from '../ui/notify.ts'
import { saveFile } from '../ui/save-file.ts'

/** Saves the .torrent file, once its contents are known. */
export async function saveTorrent(infoHash: string, name: string): Promise<void> {
  const { commands } = await loadNode()
  const bytes = commands.saveTorrentFile(infoHash)
  if (bytes) saveFile(`${name || infoHash}.torrent`, bytes, 'application/x-bittorrent')
  else void notify('The torrent’s contents are not known yet. Wait until a peer sends them.')
}
