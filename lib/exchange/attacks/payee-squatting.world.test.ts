/**
 * The attack: a seller quotes with a rival's address as payee and a key of its own as delegate. The buyer would set money aside for
 * the pair, the squatter's key would release it at 0, and the rival would be out of that channel, in which a payee has one seat.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { testEndorsement, testKey } from '../../payments/testing/accounts.ts'
import { testNetwork } from '../../payments/testing/ledger-chain.ts'
import { toAmount } from '../../units/index.ts'
import { type BuyerWorld, createBuyerWorld } from '../testing/buyer-world.ts'
import type { RawPeer } from '../testing/raw-wire.ts'
import { PIECE } from '../testing/seller-world.ts'
import type { QuotedSeller, QuoteMessage } from '../wire/message.ts'
import { sealQuote } from '../wire/quote-proof.ts'
import { encodeQuoteTerms } from '../wire/quote-terms.ts'

const RIVAL = 30
const SQUATTER = 60

let world: BuyerWorld
beforeEach(async () => {
  world = await createBuyerWorld()
})
afterEach(() => world.close())

/** A quote for whoever is claimed, sealed with the squatter's own key. */
function claim(peer: RawPeer, seller: QuotedSeller, sealedBy = SQUATTER): QuoteMessage {
  if (!peer.theirs) throw new Error('no handshake yet')
  const terms = {
    askPerMiB: toAmount(1n),
    windowBytes: 4 * PIECE,
    freeAllowanceBytes: 0,
    step: toAmount(1n),
    relayFrom: null,
    seller,
  }
  const termsBytes = encodeQuoteTerms(terms)
  const mac = sealQuote(termsBytes, testKey(sealedBy).agree(peer.theirs.publicKey), {
    domain: testNetwork,
    infoHash: world.infoHash,
    buyerNonce: peer.theirs.nonce,
    sellerNonce: peer.ours.nonce,
  })
  return { type: 'quote', terms, termsBytes, mac }
}

const squatter = testKey(SQUATTER)
const rival = testKey(RIVAL)
const byRival = () => testEndorsement(RIVAL, rival.address, world.clock.nowMs())

test.each<[string, () => QuotedSeller]>([
  [
    'that it endorsed itself',
    () => {
      const { untilSec, signature } = testEndorsement(SQUATTER, squatter.address, world.clock.nowMs())
      return { payee: rival.address, publicKey: squatter.publicKey, untilSec, endorsement: signature }
    },
  ],
  [
    'with the endorsement of the rival’s own key',
    () => {
      const { untilSec, signature } = byRival()
      return { payee: rival.address, publicKey: squatter.publicKey, untilSec, endorsement: signature }
    },
  ],
  [
    'with the rival’s key and word, which it cannot seal with',
    () => {
      const { untilSec, signature } = byRival()
      return { payee: rival.address, publicKey: rival.publicKey, untilSec, endorsement: signature }
    },
  ],
])('a rival’s payee %s is not believed, and the rival is paid', async (_, forge) => {
  const liar = world.makeSeller({ fill: SQUATTER, greets: false })
  const peer = await liar.join()
  await expect.poll(() => peer.theirs).not.toBeNull()
  peer.say(claim(peer, forge()))
  await peer.whenClosed()
  expect(world.drops).toEqual(['false-quote'])

  const honest = world.makeSeller({ fill: RIVAL })
  await honest.join()
  await world.whenQuoted(1)
  await world.pay()
  await world.whenDone()
  await expect.poll(() => honest.payments.length).toBeGreaterThan(0)
  expect(liar.payments).toEqual([])
  expect(world.payer.getSeat({ payee: rival.address, delegate: squatter.address })).toBeNull()
  expect(world.payer.getSeat({ payee: rival.address, delegate: rival.address })).not.toBeNull()
})

test('a quote that was sealed for one buyer is worth nothing on another wire', async () => {
  const honest = world.makeSeller({ fill: RIVAL })
  const first = await honest.join()
  await expect.poll(() => first.theirs).not.toBeNull()
  const sealed = honest.quote(first)
  await first.close()
  const replaying = world.makeSeller({ fill: SQUATTER, greets: false })
  const second = await replaying.join()
  await expect.poll(() => second.theirs).not.toBeNull()
  second.say(sealed)
  await second.whenClosed()
  expect(world.drops).toEqual(['false-quote'])
})

test('a payee’s word that is over gets no money and no blame', async () => {
  const { untilSec, signature } = testEndorsement(RIVAL, rival.address, world.clock.nowMs() - 40 * 86_400_000)
  const old = world.makeSeller({
    fill: RIVAL,
    servesFree: true,
    quote: {
      seller: { payee: rival.address, publicKey: rival.publicKey, untilSec, endorsement: signature },
    },
  })
  await old.join()
  await world.whenQuoted(1)
  await world.pay()
  await world.whenDone()
  expect(old.payments).toEqual([])
  expect(world.drops).toEqual([])
})
