import { describe, expect, test } from 'vitest'
import { bytesToHex, encodeBencode, hexToBytes } from '../base/index.ts'
import type { Chain } from '../channels/index.ts'
import { createMemoryLedger, createPayee } from '../payments/index.ts'
import type { PeerKey } from '../torrent/index.ts'
import { createAgreementKey } from '../tron/index.ts'
import { BLOCK_BYTES } from '../units/index.ts'
import { createPageKey } from '../wallet/index.ts'
import { createExchange } from './exchange.ts'
import {
  BUYER_NONCE,
  computeBuyerMessages,
  computeDigests,
  DELEGATE_KEY,
  PIECE_BYTES,
  readVectors,
  SELLER_NONCE,
  SESSION_ASK,
  SESSION_CHANNEL,
  SESSION_DOMAIN,
  SESSION_ENDORSEMENT,
  SESSION_INFO_HASH,
  SESSION_SELLER,
  VISIT_KEY,
} from './testing/vectors.ts'
import { createFakeClock } from './testing/world.ts'

const vectors = readVectors()
const digests = computeDigests()
const buyerMessages = computeBuyerMessages()

describe('the digests of docs/PROTOCOL.md', () => {
  test('are all there', () => {
    const named = [...vectors.keys()].filter((name) => name.startsWith('digest-'))
    expect(named.sort()).toEqual(Object.keys(digests).sort())
  })
  test.each(Object.entries(digests))('%s', (name, hex) => {
    expect(vectors.get(name)).toBe(hex)
  })
})

/** A seller of this room whose node says that the channel is open; everything it says, in hex. */
function makeSeller() {
  const network = { ...SESSION_DOMAIN } as Chain['network']
  const chain = {
    network,
    getChannel: async () => ({ status: 'open', signer: SESSION_CHANNEL.signer }),
  } as unknown as Chain
  const payee = createPayee({
    chain,
    ledger: createMemoryLedger(),
    payee: SESSION_SELLER.payee,
    delegateKey: createPageKey(DELEGATE_KEY),
    getEndorsement: () => SESSION_ENDORSEMENT,
  })
  const exchange = createExchange({
    domain: SESSION_DOMAIN,
    payer: null,
    payee,
    selling: { askPerMiB: SESSION_ASK, freeAllowanceBytes: 0, freeBytesPerSec: 0, relayFrom: null },
    torrentName: () => 'film',
    clock: createFakeClock(),
    random: () => hexToBytes(SELLER_NONCE),
    visitKey: createAgreementKey(new Uint8Array(32).fill(0x55)),
  })
  const said: string[] = []
  const drops: string[] = []
  const session = exchange.extension.attach({
    peerKey: 'buyer' as PeerKey,
    infoHash: SESSION_INFO_HASH,
    pieceLengthBytes: () => PIECE_BYTES,
    send: (payload) => void said.push(bytesToHex(payload).slice(2)),
    drop: (reason) => void drops.push(reason.code),
    wakeUploads: () => undefined,
    silentMs: () => 0,
    ownedPieces: () => 0,
    receivedBytes: () => 0,
    recallRequests: () => undefined,
  })
  return { session, said, drops }
}

describe('the session of docs/PROTOCOL.md', () => {
  test('has the bytes that our buyer’s codec makes', () => {
    const fromBuyer = [...vectors].filter(([name]) => name.startsWith('session-') && name.endsWith('-buyer'))
    expect(Object.fromEntries(fromBuyer)).toEqual(buyerMessages)
  })

  test('is answered by our seller byte for byte', async () => {
    const { session, said, drops } = makeSeller()
    const handshake = bytesToHex(encodeBencode({ btt: session.handshake })).slice(2)
    const answers: Record<string, string> = { 'session-02-seller': handshake }
    const hear = async (name: string): Promise<void> => {
      await expect.poll(() => said.length).toBeGreaterThan(0)
      answers[name] = said.splice(0).join(' ')
    }
    const say = (name: string): void => session.onMessage(hexToBytes(vectors.get(name) ?? ''))

    session.onHandshake({
      v: 2,
      chain: SESSION_DOMAIN.chainId,
      contract: new Uint8Array(20).fill(0x0c),
      key: hexToBytes(createAgreementKey(VISIT_KEY).publicKey),
      nonce: hexToBytes(BUYER_NONCE),
    })
    await hear('session-03-seller')
    say('session-04-buyer')
    await hear('session-05-seller')
    say('session-06-buyer')
    for (let sentBytes = 0; sentBytes < PIECE_BYTES; sentBytes += BLOCK_BYTES) {
      const blockClass = session.getUploadClass()
      session.onRequest(blockClass)
      const block = { blockClass, lengthBytes: BLOCK_BYTES }
      expect(block.blockClass).toBe('paid')
      expect(session.gate(block)).toBe('serve')
      session.onBlockSent(block)
    }
    say('session-07-buyer')
    await hear('session-08-seller')
    say('session-09-buyer')
    say('session-10-buyer')
    await hear('session-11-seller')

    const fromSeller = [...vectors].filter(
      ([name]) => name.startsWith('session-') && name.endsWith('-seller'),
    )
    expect(drops).toEqual([])
    expect(answers).toEqual(Object.fromEntries(fromSeller))
  })
})
