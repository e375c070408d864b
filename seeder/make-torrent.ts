/** Makes a torrent (BEP 3, version 1) of scanned content: its bytes are read once, from files that are inside its root. */
import { createHash } from 'node:crypto'
import { encodeBencode, StorageError } from '../lib/base/index.ts'
import { choosePieceLength } from '../lib/torrent/disk/index.ts'
import { openInside } from './open-inside.ts'
import type { Content } from './scan-content.ts'

const CHUNK_BYTES = 1 << 20

/** Throws StorageError 'changed' when a file is no longer as it was scanned, else as `openInside`. */
async function* readContent({ root, files }: Content): AsyncGenerator<Uint8Array> {
  for (const { path, lengthBytes } of files) {
    const handle = await openInside(root, path)
    try {
      for (let at = 0; at < lengthBytes; ) {
        const chunk = new Uint8Array(Math.min(CHUNK_BYTES, lengthBytes - at))
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, at)
        if (bytesRead === 0) throw new StorageError('changed', `${path} became shorter.`)
        yield chunk.subarray(0, bytesRead)
        at += bytesRead
      }
    } finally {
      await handle.close()
    }
  }
}

async function hashPieces(content: Content, pieceLengthBytes: number): Promise<Uint8Array> {
  const hashes: Buffer[] = []
  let hash = createHash('sha1')
  let filledBytes = 0
  for await (const chunk of readContent(content)) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + pieceLengthBytes - filledBytes)
      hash.update(part)
      at += part.length
      filledBytes += part.length
      if (filledBytes < pieceLengthBytes) continue
      hashes.push(hash.digest())
      hash = createHash('sha1')
      filledBytes = 0
    }
  }
  if (filledBytes > 0) hashes.push(hash.digest())
  return Buffer.concat(hashes)
}

/** The bytes of the .torrent file. Throws as `readContent`. */
export async function makeTorrent(content: Content, trackers: readonly string[]): Promise<Uint8Array> {
  const { name, kind, files, lengthBytes } = content
  const pieceLengthBytes = choosePieceLength(lengthBytes)
  return encodeBencode({
    announce: trackers[0],
    'announce-list': trackers.length > 0 ? trackers.map((url) => [url]) : undefined,
    'created by': 'piecemeal',
    'creation date': Math.floor(Date.now() / 1000),
    encoding: 'UTF-8',
    info: {
      name,
      'piece length': pieceLengthBytes,
      pieces: await hashPieces(content, pieceLengthBytes),
      ...(kind === 'file'
        ? { length: lengthBytes }
        : { files: files.map((file) => ({ length: file.lengthBytes, path: file.parts })) }),
    },
  })
}
