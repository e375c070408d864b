/** Test only: keys, a clock moved by hand, wallets that count their signatures. */

import type { Clock } from '../../base/index.ts'
import { WalletError } from '../../base/index.ts'
import { ENDORSEMENT_SEC, type Endorsement } from '../../channels/index.ts'
import { endorse } from '../../channels/testing/endorse.ts'
import { type Address, addressOfPrivateKey, createAgreementKey, signDigest } from '../../tron/index.ts'
import { toAmount } from '../../units/index.ts'
import type { DelegateKey, PayerWallet } from '../payer/context.ts'
import type { PaymentReason, SellerTerms } from '../ports.ts'
import { testNetwork } from './ledger-chain.ts'

/** A key from one byte. */
export function testKey(fill: number): DelegateKey {
  const privateKey = new Uint8Array(32).fill(fill)
  return {
    address: addressOfPrivateKey(privateKey),
    sign: async (digest) => signDigest(privateKey, digest),
    ...createAgreementKey(privateKey),
  }
}

/** By the payee of one byte, for a key, a month from now. */
export function testEndorsement(payeeFill: number, delegate: Address, nowMs: number): Endorsement {
  const untilSec = Math.floor(nowMs / 1000) + ENDORSEMENT_SEC
  return endorse(new Uint8Array(32).fill(payeeFill), { delegate, untilSec }, testNetwork)
}

export interface TestWallet extends PayerWallet {
  isRefusing: boolean
}

export function testWallet(fill: number, canSignSilently = false): TestWallet {
  return {
    address: testKey(fill).address,
    canSignSilently,
    isRefusing: false,
    async signTransaction(transaction) {
      if (this.isRefusing) throw new WalletError('rejected', 'declined')
      return transaction
    },
  }
}

export interface TestClock extends Clock {
  /** Moves time and runs what is due. */
  advance(durationMs: number): Promise<void>
}

export function testClock(startMs = 1_700_000_000_000): TestClock {
  let nowMs = startMs
  let timers: { readonly atMs: number; readonly run: () => void }[] = []
  return {
    nowMs: () => nowMs,
    schedule(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run }
      timers.push(timer)
      return () => {
        timers = timers.filter((one) => one !== timer)
      }
    },
    async advance(durationMs) {
      nowMs += durationMs
      const due = timers.filter(({ atMs }) => atMs <= nowMs)
      timers = timers.filter(({ atMs }) => atMs > nowMs)
      for (const { run } of due) run()
      await settleTasks()
    },
  }
}

/** Lets every promise that can resolve without time resolve. */
export async function settleTasks(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}

/** Of a seller that has delivered something. */
export function terms(payee: Address, delegate: Address, askPerMiB: bigint, relaysOpen = false): SellerTerms {
  const relayFrom = relaysOpen ? toAmount(1n) : null
  return { payee, delegate, askPerMiB: toAmount(askPerMiB), relayFrom, deliveredBytes: 1 }
}

export const MIB = 1_048_576
/** The torrent of every `pieceReason`. */
export const INFO_HASH = 'a'.repeat(40)

export function pieceReason(pieceIndex: number, lengthBytes = MIB): PaymentReason {
  return { infoHash: INFO_HASH, torrentName: 'clip', pieceIndex, lengthBytes, memo: null }
}
