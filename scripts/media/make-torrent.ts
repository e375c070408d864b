/** Torrent files (BEP 3, version 1) of the demo media: no tracker inside, and the same bytes for the same files. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type DemoTorrent, inDemoFolder } from './demo-files.ts'

/** 2026-01-01T00:00:00Z: fixed, so that the file depends on nothing but the media. */
const CREATED_AT_SEC = 1_767_225_600

type Bencodable =
  | number
  | string
  | Uint8Array
  | readonly Bencodable[]
  | { readonly [key: string]: Bencodable }

/** Bencode with sorted keys. */
function encodeBencode(value: Bencodable): Buffer {
  if (typeof value === 'number') return Buffer.from(`i${value}e`)
  if (typeof value === 'string') return encodeBencode(Buffer.from(value))
  if (value instanceof Uint8Array) return Buffer.concat([Buffer.from(`${value.length}:`), value])
  if (Array.isArray(value)) {
    return Buffer.concat([Buffer.from('l'), ...value.map((item) => encodeBencode(item)), Buffer.from('e')])
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Buffer.concat([
    Buffer.from('d'),
    ...entries.flatMap(([key, item]) => [encodeBencode(key), encodeBencode(item)]),
    Buffer.from('e'),
  ])
}

/** The .torrent file's bytes and the info-hash, 40 lower-case hex digits. */
export function makeTorrent(torrent: DemoTorrent): { readonly bytes: Uint8Array; readonly infoHash: string } {
  const files = torrent.paths.map((path) => ({ path, data: readFileSync(inDemoFolder(path)) }))
  const data = Buffer.concat(files.map((file) => file.data))
  const hashes: Buffer[] = []
  for (let at = 0; at < data.length; at += torrent.pieceLengthBytes) {
    hashes.push(
      createHash('sha1')
        .update(data.subarray(at, at + torrent.pieceLengthBytes))
        .digest(),
    )
  }
  const isSingle = torrent.paths.length === 1 && torrent.paths[0] === torrent.name
  const info: Bencodable = {
    name: torrent.name,
    'piece length': torrent.pieceLengthBytes,
    pieces: Buffer.concat(hashes),
    private: 0,
    ...(isSingle
      ? { length: data.length }
      : {
          files: files.map((file) => ({ length: file.data.length, path: file.path.split('/').slice(1) })),
        }),
  }
  return {
    bytes: encodeBencode({
      'created by': 'piecemeal',
      'creation date': CREATED_AT_SEC,
      encoding: 'UTF-8',
      info,
    }),
    infoHash: createHash('sha1').update(encodeBencode(info)).digest('hex'),
  }
}
