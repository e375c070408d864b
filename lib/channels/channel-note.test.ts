import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesToHex, ChannelError } from '../base/index.ts'
import {
  encodeChannelNote,
  isNoteOf,
  MAX_NOTE_BYTES,
  planOpening,
  rebuildSeatTree,
  saltOfNote,
} from './channel-note.ts'
import { buildSeatTree, MAX_SEATS } from './seat-tree.ts'
import { anyAddress, anyLeaves } from './testing/arbitraries.ts'

const anyNonce = fc.uint8Array({ minLength: 16, maxLength: 16 })
const anyPlan = fc
  .tuple(anyLeaves(MAX_SEATS), anyAddress, anyAddress, anyNonce)
  .map(([leaves, payer, signer, nonce]) =>
    planOpening(leaves, { payer, signer, closeDelaySec: 3_600 }, nonce),
  )

describe('a channel’s note', () => {
  it('is enough to rebuild the tree that the channel commits to', () => {
    fc.assert(
      fc.property(anyPlan, ({ channel, note, tree }) => {
        expect((note.length - 2) / 2).toBeLessThanOrEqual(MAX_NOTE_BYTES)
        const rebuilt = rebuildSeatTree(note, channel)
        expect(rebuilt.leaves).toEqual(tree.leaves)
        expect(rebuilt.root).toBe(channel.root)
        for (const { payee } of tree.leaves) expect(rebuilt.proofOf(payee)).toEqual(tree.proofOf(payee))
      }),
    )
  })

  it('of another channel, cut or longer is refused', () => {
    fc.assert(
      fc.property(anyPlan, anyPlan, (one, other) => {
        fc.pre(one.note !== other.note)
        for (const note of [other.note, one.note.slice(0, -2), `${one.note}00`, '0x', 'nonsense'] as const) {
          expect(isNoteOf(note as `0x${string}`, one.channel)).toBe(false)
          expect(() => rebuildSeatTree(note as `0x${string}`, one.channel)).toThrow(ChannelError)
        }
      }),
      { numRuns: 20 },
    )
  })

  it.each<[string, number]>([
    ['no seats', 16],
    ['half a seat', 16 + 28],
    ['seats that make no tree', 16 + 56],
    ['less than its random bytes', 3],
  ])('that lists %s is refused in words, though the channel commits to it', (_, lengthBytes) => {
    const payer = fc.sample(anyAddress, 1)[0] as never
    const leaf = { payee: payer, delegate: payer, cap: 5n as never }
    const { channel } = planOpening(
      [leaf],
      { payer, signer: payer, closeDelaySec: 3_600 },
      new Uint8Array(16),
    )
    const note = bytesToHex(new Uint8Array(lengthBytes))
    const lie = { ...channel, salt: saltOfNote(note) }
    expect(() => rebuildSeatTree(note, lie)).toThrow(expect.objectContaining({ code: 'bad-note' }))
  })

  it('needs its 16 bytes', () => {
    const payee = fc.sample(anyAddress, 1)[0] as never
    const tree = buildSeatTree([{ payee, delegate: payee, cap: 1n as never }])
    expect(() => encodeChannelNote(tree, new Uint8Array(15))).toThrow(RangeError)
  })
})
