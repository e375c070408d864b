/** The face of the torrent room for Node programs. */

export { choosePieceLength } from '../library/piece-length.ts'
export * from './create-disk-engine.ts'
export { loadNodeWebTorrent } from './node-webrtc.ts'
