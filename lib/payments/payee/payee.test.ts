import { beforeEach, describe, expect, it } from 'vitest'
import type { SignedVoucher } from '../../channels/index.ts'
import { voucherDigest } from '../../channels/index.ts'
import { toAmount } from '../../units/index.ts'
import { createMemoryLedger } from '../ledger.ts'
import type { OfferedSeat } from '../ports.ts'
import { pieceReason, testKey } from '../testing/accounts.ts'
import { testNetwork } from '../testing/ledger-chain.ts'
import { ASK, createWorld, type Seller, type World } from '../testing/world.ts'
import { createPayee } from './payee.ts'

let world: World
let seller: Seller
let seat: OfferedSeat

beforeEach(async () => {
  world = await createWorld()
  seller = world.sellers[0]
  world.meet(seller)
  await world.start(80_000n)
  seat = world.payer.getSeat(seller.account) as OfferedSeat
})

async function voucherOf(cumulative: bigint, key = testKey(2)): Promise<SignedVoucher> {
  const unsigned = {
    channelId: seat.channelId,
    payee: seller.account.payee,
    cumulative: toAmount(cumulative),
  }
  return { ...unsigned, signature: await key.sign(voucherDigest(unsigned, testNetwork)) }
}

describe('an offered seat', () => {
  it('is accepted when its proof leads to an open channel', async () => {
    expect(await seller.account.acceptSeat(seat)).toEqual({ status: 'accepted', cumulative: 0n })
  })

  it.each<[string, (seat: OfferedSeat) => OfferedSeat, string]>([
    ['a greater cap', (s) => ({ ...s, leaf: { ...s.leaf, cap: toAmount(s.leaf.cap + 1n) } }), 'malformed'],
    ['a smaller cap', (s) => ({ ...s, leaf: { ...s.leaf, cap: toAmount(s.leaf.cap - 1n) } }), 'bad-proof'],
    ['another payee', (s) => ({ ...s, leaf: { ...s.leaf, payee: testKey(99).address } }), 'wrong-payee'],
    [
      'another delegate',
      (s) => ({ ...s, leaf: { ...s.leaf, delegate: testKey(99).address } }),
      'wrong-payee',
    ],
    [
      'another signer',
      (s) => ({ ...s, channel: { ...s.channel, signer: testKey(99).address } }),
      'bad-proof',
    ],
    ['another salt', (s) => ({ ...s, channel: { ...s.channel, salt: `0x${'ab'.repeat(32)}` } }), 'bad-proof'],
    ['no close delay', (s) => ({ ...s, channel: { ...s.channel, closeDelaySec: 0 } }), 'malformed'],
    ['a negative cap', (s) => ({ ...s, leaf: { ...s.leaf, cap: -1n as never } }), 'malformed'],
    ['a path that is none', (s) => ({ ...s, path: null as never }), 'malformed'],
  ])('with %s is refused', async (_name, forge, code) => {
    expect(await seller.account.acceptSeat(forge(seat))).toEqual({ status: 'refused', code })
  })

  it('of its own payee’s budget is refused: nobody pays itself', async () => {
    const own = createPayee({
      chain: world.chain,
      ledger: createMemoryLedger(),
      payee: seat.channel.payer,
      delegateKey: testKey(11),
    })
    const leaf = { ...seat.leaf, payee: own.payee, delegate: own.delegate }
    expect(own.checkSeat({ ...seat, leaf })).toBe('own-account')
  })

  it('waits while the node is silent or talks nonsense, and is never accepted then', async () => {
    world.chain.isDown = true
    expect(await seller.account.acceptSeat(seat)).toEqual({ status: 'pending' })
    world.chain.isDown = false
    // Backing off: the node is not even asked.
    expect(await seller.account.acceptSeat(seat)).toEqual({ status: 'pending' })
    await world.advance(1_000)
    expect((await seller.account.acceptSeat(seat)).status).toBe('accepted')
    const liar = createPayee({
      chain: { ...world.chain, getChannel: async () => ({ status: 'open', signer: 'nobody' }) as never },
      ledger: seller.ledger,
      payee: seller.account.payee,
      delegateKey: testKey(11),
      clock: world.clock,
    })
    expect(await liar.acceptSeat(seat)).toEqual({ status: 'pending' })
  })

  it('gets no more credit once the channel closes, and its vouchers stay good', async () => {
    await seller.account.acceptSeat(seat)
    await world.chain.send({ kind: 'startClose', channel: seat.channel }, world.wallet)
    expect(await seller.account.recheckSeat(seat.channelId)).toEqual({ status: 'refused', code: 'closing' })
    const verdict = await seller.account.acceptVoucher(await voucherOf(ASK), pieceReason(0))
    expect(verdict.status).toBe('accepted')
    expect(await seller.account.redeem(seller.wallet)).toMatchObject([{ amount: ASK }])
  })
})

describe('a voucher', () => {
  beforeEach(async () => {
    await seller.account.acceptSeat(seat)
  })

  it.each<[string, () => Promise<SignedVoucher>, string]>([
    ['over the cap', () => voucherOf(seat.leaf.cap + 1n), 'over-cap'],
    ['by another key', () => voucherOf(ASK, testKey(77)), 'bad-signature'],
    ['of nothing', () => voucherOf(0n), 'stale'],
    [
      'for another payee',
      async () => ({ ...(await voucherOf(ASK)), payee: testKey(3).address }),
      'wrong-payee',
    ],
    [
      'of an unknown channel',
      async () => ({ ...(await voucherOf(ASK)), channelId: `0x${'01'.repeat(32)}` }),
      'not-open',
    ],
    [
      'with a broken signature',
      async () => ({ ...(await voucherOf(ASK)), signature: '0x00' }),
      'bad-signature',
    ],
  ])('%s is refused', async (_name, forge, code) => {
    expect(await seller.account.acceptVoucher(await forge(), pieceReason(0))).toEqual({
      status: 'refused',
      code,
      cumulative: 0n,
    })
    expect(await seller.ledger.listReceipts({ limit: 10 })).toEqual([])
  })

  it('equal to or below the highest is stale, and says what the highest is', async () => {
    await seller.account.acceptVoucher(await voucherOf(5n), pieceReason(0))
    for (const lower of [5n, 4n]) {
      expect(await seller.account.acceptVoucher(await voucherOf(lower), pieceReason(1))).toEqual({
        status: 'refused',
        code: 'stale',
        cumulative: 5n,
      })
    }
  })

  it('comes too late after the release, which repeats itself', async () => {
    await seller.account.acceptVoucher(await voucherOf(5n), pieceReason(0))
    const release = await seller.account.release(seat.channelId)
    expect(release?.cumulative).toBe(5n)
    expect(await seller.account.acceptVoucher(await voucherOf(9n), pieceReason(1))).toMatchObject({
      code: 'closing',
    })
    expect(await seller.account.release(seat.channelId)).toEqual(release)
  })

  it('is there after a restart', async () => {
    await seller.account.acceptVoucher(await voucherOf(5n), pieceReason(0))
    const reborn = createPayee({
      chain: world.chain,
      ledger: seller.ledger,
      payee: seller.account.payee,
      delegateKey: testKey(11),
      clock: world.clock,
    })
    await reborn.restore()
    expect(reborn.getTotals()).toMatchObject({ earned: 5n, redeemable: 5n, payers: 1 })
    expect(await reborn.acceptSeat(seat)).toEqual({ status: 'accepted', cumulative: 5n })
  })

  it('is its own account’s alone, where several share a ledger', async () => {
    await seller.account.acceptSeat(seat)
    await seller.account.acceptVoucher(await voucherOf(ASK), pieceReason(0))
    const [, { wallet }] = world.sellers
    const reopen = async (payee: typeof wallet.address) => {
      const { chain, clock } = world
      const account = createPayee({ chain, ledger: seller.ledger, payee, delegateKey: testKey(11), clock })
      await account.restore()
      return account.getTotals()
    }
    expect(await reopen(wallet.address)).toMatchObject({ earned: 0n, redeemable: 0n })
    expect(await reopen(seller.account.payee)).toMatchObject({ earned: ASK, redeemable: ASK })
  })

  it('is redeemed only when worth it', async () => {
    await seller.account.acceptVoucher(await voucherOf(5n), pieceReason(0))
    expect(await seller.account.redeem(seller.wallet, { dustLimit: toAmount(6n) })).toEqual([])
    expect(world.chain.sent).not.toContain('redeem')
    expect(await seller.account.redeem(seller.wallet, { dustLimit: toAmount(5n) })).toHaveLength(1)
    expect(await seller.account.redeem(seller.wallet)).toEqual([])
  })
})

describe('a release', () => {
  it('is not signed for a seat of another key: the contract would not take it', async () => {
    await world.buyPiece(seller, 0)
    const reborn = createPayee({
      chain: world.chain,
      ledger: seller.ledger,
      payee: seller.account.payee,
      delegateKey: testKey(99),
      clock: world.clock,
    })
    await reborn.restore()
    expect(await reborn.release(seat.channelId)).toBeNull()
    expect(await reborn.redeem(seller.wallet)).toMatchObject([{ amount: ASK }])
  })

  it('above what was promised, or by a stranger, is refused by the payer', async () => {
    await world.buyPiece(seller, 0)
    const release = await seller.account.release(seat.channelId)
    if (!release) throw new Error('no release')
    expect(await world.payer.acceptRelease({ ...release, cumulative: toAmount(ASK + 1n) })).toBe(false)
    expect(await world.payer.acceptRelease({ ...release, signature: `0x${'00'.repeat(65)}` })).toBe(false)
    expect(await world.payer.acceptRelease({ ...release, payee: testKey(5).address })).toBe(false)
    expect(await world.payer.acceptRelease(release)).toBe(true)
    expect(await world.payer.pay(seller.account, toAmount(1n), pieceReason(1))).toBeNull()
  })
})
