/** The download side of a wire: when it was choked, what came over it, and which reject answers which cancel. */
import type { PeerWire } from './peer-wire.ts'
import type { Wire } from './types.ts'

export function hookDownloads(session: PeerWire, speaksOurs: (wire: Wire) => boolean): void {
  const { wire } = session
  // webtorrent asks a wire that has sent nothing for a block of the *last* piece; a film wants the first.
  wire.downloaded = Math.max(wire.downloaded, 1)
  wire.on('choke', () => {
    session.chokedAtMs = performance.now()
  })
  wire.on('unchoke', () => {
    session.chokedAtMs = null
  })
  hookCancels(session, speaksOurs)
}

/**
 * BEP 6 answers a cancel with a reject, or with the block when that was already on its way. The wire is ordered, so a
 * reject of a cancelled request must not be taken for one of the same block's next request. Peers without our
 * extensions are left alone: stock webtorrent answers a cancel with nothing.
 */
function hookCancels(session: PeerWire, speaksOurs: (wire: Wire) => boolean): void {
  const { wire } = session
  const unanswered = new Map<string, number>()
  const isAnswer = (key: string): boolean => {
    const count = unanswered.get(key) ?? 0
    if (count > 1) unanswered.set(key, count - 1)
    else unanswered.delete(key)
    return count > 0
  }
  const cancel = wire.cancel
  wire.cancel = (index, offset, length) => {
    const key = `${index}:${offset}:${length}`
    if (wire.hasFast && speaksOurs(wire)) unanswered.set(key, (unanswered.get(key) ?? 0) + 1)
    cancel.call(wire, index, offset, length)
  }
  const onReject = wire._onReject
  wire._onReject = (index, offset, length) => {
    if (!isAnswer(`${index}:${offset}:${length}`)) onReject.call(wire, index, offset, length)
  }
  wire.on('piece', (index: number, offset: number, block: Uint8Array) => {
    session.lastBlockAtMs = performance.now()
    session.receivedBytes += block.length
    isAnswer(`${index}:${offset}:${block.length}`)
  })
}
