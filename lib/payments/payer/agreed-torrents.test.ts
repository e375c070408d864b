import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toAmount } from '../../units/index.ts'
import { INFO_HASH, pieceReason } from '../testing/accounts.ts'
import { balanceOf } from '../testing/ledger-chain.ts'
import { ASK, createWorld } from '../testing/world.ts'
import { agreeTo, answerFor, isAgreedTo } from './agreed-torrents.ts'

const OTHER = 'b'.repeat(40)
const BUDGET = 80_000n
const piece = toAmount(ASK)
const otherPiece = { ...pieceReason(0), infoHash: OTHER }
const otherTip = { ...otherPiece, pieceIndex: null, memo: 'thanks' }

describe('answers about torrents', () => {
  it('agree to what was said, once and for good, and to nothing else', () => {
    const infoHash = fc.constantFrom(INFO_HASH, OTHER, 'c'.repeat(40))
    const answer = fc.record({ infoHash, said: fc.constantFrom('pay' as const, 'free' as const) })
    fc.assert(
      fc.property(fc.array(answer), infoHash, (answers, asked) => {
        const all = answers.reduce((sum, one) => answerFor(sum, one.infoHash, one.said), agreeTo({}, []))
        const hasAgreed = answers.some((one) => one.infoHash === asked && one.said === 'pay')
        expect(isAgreedTo(all, asked)).toBe(hasAgreed)
      }),
    )
  })

  it('are about info-hashes only', () => {
    for (const text of ['', 'film', '__proto__', 'A'.repeat(40), `${INFO_HASH}&file=1`])
      expect(() => answerFor({}, text, 'pay')).toThrow(RangeError)
  })
})

describe('a budget', () => {
  it('pays no piece and no tip of a torrent that its owner did not agree to, and signs nothing for it', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    await world.buyPiece(a, 0)
    const seat = world.payer.getSeat(a.account)
    for (const reason of [otherPiece, otherTip]) {
      expect(await world.payer.pay(a.account, piece, reason)).toBeNull()
    }
    expect(world.payer.mayPayFor(OTHER)).toBe(false)
    expect(world.payer.getLatestVoucher(seat?.channelId ?? '0x', a.account.payee)?.cumulative).toBe(ASK)
    expect(await world.ledger.listReceipts({ limit: 9, kinds: ['piece', 'tip'] })).toHaveLength(1)
    // The torrent that was agreed to is paid on.
    expect(await world.buyPiece(a, 1)).toBe(ASK)
    const end = await world.payer.settle({ wallet: world.wallet, collectReleases: world.collectFrom([a]) })
    expect(end).toMatchObject({ summary: { paid: 2n * ASK } })
    expect(balanceOf(world.chain, a.wallet.address)).toBe(2n * ASK)
  })

  it('pays for another torrent once its owner says so, and remembers both answers after a reload', async () => {
    const world = await createWorld()
    const [a] = world.sellers
    world.meet(a)
    await world.start(BUDGET)
    await world.payer.answerTorrent(OTHER, 'free')
    expect(await world.payer.pay(a.account, piece, otherPiece)).toBeNull()
    await world.reload()
    expect(world.payer.getTorrents()).toEqual({ [INFO_HASH]: 'pay', [OTHER]: 'free' })
    expect(world.payer.getState()?.status).toBe('stopped')
    world.meet(a)
    await world.payer.answerTorrent(OTHER, 'pay')
    expect(await world.payer.pay(a.account, piece, otherPiece)).toMatchObject({ cumulative: ASK })
    expect(await world.payer.pay(a.account, piece, otherTip)).toMatchObject({ cumulative: 2n * ASK })
  })

  it('takes its answers with it: the next one begins with its own', async () => {
    const world = await createWorld()
    await expect(world.payer.answerTorrent(OTHER, 'pay')).rejects.toMatchObject({ code: 'no-budget' })
    await world.start(BUDGET)
    await world.payer.answerTorrent(OTHER, 'pay')
    await world.payer.settle({ wallet: world.wallet, collectReleases: async () => undefined })
    expect(world.payer.mayPayFor(INFO_HASH)).toBe(false)
    await expect(world.payer.answerTorrent(OTHER, 'pay')).rejects.toMatchObject({ code: 'no-budget' })
    await world.start(BUDGET)
    expect([OTHER, INFO_HASH].map(world.payer.mayPayFor)).toEqual([false, true])
  })
})
