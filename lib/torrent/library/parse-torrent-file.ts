/** Reads an untrusted .torrent file (BEP 3): every field that is used is checked, and what webtorrent re-encodes is canonical. */
import { sha1 } from '@noble/hashes/legacy.js'
import {
  type Bencode,
  type BencodeDict,
  bytesToHex,
  decodeBencode,
  isDict,
  TorrentError,
} from '../../base/index.ts'
import type { TorrentSource } from '../engine.ts'

/** A 10 MB file describes half a million pieces: more than the wire's bitfield limit. */
export const MAX_TORRENT_FILE_BYTES = 10_000_000
const MAX_PIECES = 400_000
const MIN_PIECE_BYTES = 1 << 14
/** A piece is held in memory while it arrives, once a peer. */
const MAX_PIECE_BYTES = 1 << 26
const MAX_FILES = 20_000
const MAX_NAME_BYTES = 255
const MAX_PATH_PARTS = 32

const strictText = new TextDecoder('utf-8', { fatal: true })

function refuse(reason: string, cause?: unknown): never {
  throw new TorrentError('bad-torrent', `The torrent is damaged: ${reason}.`, { cause })
}

function readName(value: Bencode | undefined, what: string): string {
  if (!(value instanceof Uint8Array)) refuse(`${what} is missing`)
  if (value.length === 0 || value.length > MAX_NAME_BYTES) refuse(`${what} has a bad length`)
  let text: string
  try {
    text = strictText.decode(value)
  } catch (error) {
    refuse(`${what} is not UTF-8`, error)
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (text === '.' || text === '..' || /[/\\\u0000-\u001f]/.test(text)) refuse(`${what} leaves its folder`)
  return text
}

function readLength(value: Bencode | undefined): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) refuse('a file has no length')
  return value
}

function readFiles(info: BencodeDict): number {
  const list = info.entries.get('files')
  if (list === undefined) return readLength(info.entries.get('length'))
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_FILES) refuse('its list of files is bad')
  const paths = new Set<string>()
  let total = 0
  for (const file of list as readonly Bencode[]) {
    if (!isDict(file)) refuse('a file is not described')
    total += readLength(file.entries.get('length'))
    for (const key of ['path', 'path.utf-8']) {
      const parts = file.entries.get(key)
      if (parts === undefined && key === 'path.utf-8') continue
      if (!Array.isArray(parts) || parts.length === 0 || parts.length > MAX_PATH_PARTS)
        refuse('a file has no path')
      const path = (parts as readonly Bencode[]).map((part) => readName(part, 'a path')).join('/')
      // Padding files (BEP 47) may share theirs.
      const attributes = file.entries.get('attr')
      const isPadding = attributes instanceof Uint8Array && attributes.includes(0x70)
      if (!isPadding && paths.has(`${key}:${path}`)) refuse('two files share a path')
      paths.add(`${key}:${path}`)
    }
  }
  return total
}

function readInfo(info: BencodeDict): string {
  const name = readName(info.entries.get('name.utf-8') ?? info.entries.get('name'), 'its name')
  if (info.entries.has('name')) readName(info.entries.get('name'), 'its name')
  const hashes = info.entries.get('pieces')
  if (info.entries.has('meta version') && hashes === undefined) {
    throw new TorrentError('v2-only', 'The torrent uses only version 2 of BitTorrent.')
  }
  const pieceLengthBytes = info.entries.get('piece length')
  if (
    typeof pieceLengthBytes !== 'number' ||
    pieceLengthBytes < MIN_PIECE_BYTES ||
    pieceLengthBytes > MAX_PIECE_BYTES ||
    pieceLengthBytes % MIN_PIECE_BYTES !== 0
  ) {
    refuse('its piece length is out of range')
  }
  if (!(hashes instanceof Uint8Array) || hashes.length % 20 !== 0) refuse('its piece hashes are cut off')
  const lengthBytes = readFiles(info)
  const count = hashes.length / 20
  if (lengthBytes === 0 || count > MAX_PIECES || count !== Math.ceil(lengthBytes / pieceLengthBytes)) {
    refuse('its pieces do not fit its files')
  }
  return name
}

/** Checks the bytes of a .torrent file. Throws TorrentError 'torrent-too-large', 'bad-torrent' or 'v2-only'. */
export function parseTorrentFile(bytes: Uint8Array): TorrentSource & { readonly kind: 'torrentFile' } {
  if (bytes.length > MAX_TORRENT_FILE_BYTES) {
    throw new TorrentError('torrent-too-large', 'The .torrent file is larger than 10 MB.')
  }
  let root: Bencode
  try {
    root = decodeBencode(bytes)
  } catch (error) {
    refuse('it is not bencoded', error)
  }
  const info = isDict(root) ? root.entries.get('info') : undefined
  if (!isDict(info)) refuse('it has no info')
  const name = readInfo(info)
  const infoHash = bytesToHex(sha1(bytes.subarray(...info.span))).slice(2)
  return { kind: 'torrentFile', bytes, infoHash, name }
}
