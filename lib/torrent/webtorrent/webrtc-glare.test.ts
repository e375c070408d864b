import { describe, expect, it } from 'vitest'
import type { SwarmPeer, WebRtcPeer } from './types.ts'
import { settleGlare } from './webrtc-glare.ts'

const SMALL = '0'.repeat(40)
const GREAT = 'f'.repeat(40)

interface Conn extends WebRtcPeer {
  isDestroyed: boolean
}

/** One side of a swarm, as webtorrent keeps it: the first peer of an id stays, later ones are destroyed. */
function createSide(ownPeerId: string, theirId: string) {
  const peers = new Map<string, SwarmPeer>()
  let now = 0
  const torrent: Parameters<typeof settleGlare>[0] = {
    _peers: peers,
    removePeer(id) {
      const conn = peers.get(id as string)?.conn as Conn
      conn.isDestroyed = true
      peers.delete(id as string)
    },
    _addPeer(peer) {
      if (typeof peer === 'string') return null
      if (peers.has(peer.id)) {
        peer.destroy()
        return null
      }
      const added = { id: peer.id, type: 'webrtc', connected: false, conn: peer }
      peers.set(peer.id, added)
      return added
    },
  }
  settleGlare(torrent, ownPeerId, () => now)
  return {
    meet(initiator: boolean): Conn {
      const conn: Conn = {
        id: theirId,
        initiator,
        isDestroyed: false,
        destroy: () => {
          conn.isDestroyed = true
        },
      }
      torrent._addPeer(conn, 'webrtc', 'tracker')
      return conn
    },
    connect: () => peers.set(theirId, { ...(peers.get(theirId) as SwarmPeer), connected: true }),
    wait: (ms: number) => {
      now += ms
    },
    /** Whose offer made the connection that is left. */
    kept: () => ((peers.get(theirId) as { conn: Conn }).conn.initiator ? ownPeerId : theirId),
  }
}

describe('offers that cross', () => {
  const orders = [
    [true, false],
    [false, true],
  ] as const
  for (const smallOrder of orders) {
    for (const greatOrder of orders) {
      it(`leave the same connection on both sides, whatever came first (${smallOrder}; ${greatOrder})`, () => {
        const small = createSide(SMALL, GREAT)
        const great = createSide(GREAT, SMALL)
        const conns = [...smallOrder.map(small.meet), ...greatOrder.map(great.meet)]
        expect(small.kept()).toBe(SMALL)
        expect(great.kept()).toBe(SMALL)
        expect(conns.filter(({ isDestroyed }) => !isDestroyed)).toHaveLength(2)
      })
    }
  }
})

it('never gives up a connection that stands', () => {
  const great = createSide(GREAT, SMALL)
  const own = great.meet(true)
  great.connect()
  great.wait(60_000)
  expect(great.meet(false).isDestroyed).toBe(true)
  expect(own.isDestroyed).toBe(false)
})

it('gives up one that does not connect for the next offer, not before', () => {
  const side = createSide(SMALL, GREAT)
  const first = side.meet(false)
  side.wait(6_000)
  expect(side.meet(false).isDestroyed).toBe(true)
  side.wait(6_000)
  expect(side.meet(false).isDestroyed).toBe(false)
  expect(first.isDestroyed).toBe(true)
})
