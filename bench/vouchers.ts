/** What a voucher costs: signatures and seat checks beside tronweb's in the same run, and bytes on a real wire. */
import { utils } from 'tronweb'
import { bytesToHex, type Hex } from '../lib/base/index.ts'
import { typedDataTypes, voucherDigest } from '../lib/channels/index.ts'
import { addressOfPrivateKey, createSignatureCheck, recoverSigner, signDigest } from '../lib/tron/index.ts'
import { toAmount } from '../lib/units/index.ts'
import { createSeatChecks } from './seat-check.ts'
import { measureWireOverhead } from './wire-overhead.ts'

/** Each act runs so many rounds in a row, in turns with the others, so that all see the same load of the machine. */
const ROUNDS_IN_A_ROW = 40
const TURNS = 6
/** Before the compiler has seen the code, it measures the compiler. */
const WARM_UP_TURNS = 1

interface VoucherFigures {
  /** One signature and one check, in milliseconds. */
  readonly signVerifyMs: number
  /** How many times as long tronweb takes. */
  readonly timesTronweb: number
  /** Bytes of our messages, both directions, in a hundred bytes of file at 256 KiB pieces. */
  readonly overheadPercent: number
}

/** Median milliseconds of each act. */
function measure<Name extends string>(
  acts: Readonly<Record<Name, (round: number) => void>>,
): Record<Name, number> {
  const names = Object.keys(acts) as Name[]
  const times = new Map<Name, number[]>(names.map((name) => [name, []]))
  for (let turn = 0; turn < WARM_UP_TURNS + TURNS; turn++) {
    for (const name of names) {
      for (let round = 0; round < ROUNDS_IN_A_ROW; round++) {
        const startMs = performance.now()
        acts[name](round)
        if (turn >= WARM_UP_TURNS) times.get(name)?.push(performance.now() - startMs)
      }
    }
  }
  const median = (sorted: readonly number[]): number => sorted[sorted.length >> 1] ?? 0
  return Object.fromEntries(
    names.map((name) => [name, median((times.get(name) ?? []).sort((a, b) => a - b))]),
  ) as Record<Name, number>
}

const perSec = (ms: number): string => Math.round(1_000 / ms).toLocaleString('en-US')

export async function run(): Promise<VoucherFigures> {
  const key = crypto.getRandomValues(new Uint8Array(32))
  const signer = addressOfPrivateKey(key)
  const domain = { chainId: 1, contract: signer }
  const channelId: Hex = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  const value = (i: number) => ({ channelId, payee: signer, cumulative: toAmount(BigInt(i + 1)) })
  const signatures: Hex[] = []
  const isSigned = createSignatureCheck(signer)
  const { signTypedData, verifyTypedData } = utils.typedData
  const tronDomain = { name: 'SwarmChannels', version: '1', chainId: 1, verifyingContract: signer }
  const types = { Voucher: [...typedDataTypes.Voucher] }
  const tronValue = (i: number) => ({ channel: channelId, payee: signer, cumulative: BigInt(i + 1) })
  const keyHex = bytesToHex(key).slice(2)
  const seats = createSeatChecks()
  const times = measure({
    sign: (i) => {
      signatures[i] = signDigest(key, voucherDigest(value(i), domain))
    },
    check: (i) => {
      if (!isSigned(voucherDigest(value(i), domain), signatures[i] ?? '0x'))
        throw new Error('a good voucher failed')
    },
    recover: (i) => {
      if (recoverSigner(voucherDigest(value(i), domain), signatures[i] ?? '0x') !== signer)
        throw new Error('a good voucher failed')
    },
    seat: seats.ours,
    tronSign: (i) => {
      if (signTypedData(tronDomain, types, tronValue(i), keyHex) !== signatures[i])
        throw new Error('tronweb signs otherwise')
    },
    tronVerify: (i) => {
      verifyTypedData(tronDomain, types, tronValue(i), signatures[i] ?? '')
    },
    tronSeat: seats.tronweb,
  })
  const wire = await measureWireOverhead()

  const ours = times.sign + times.check
  const theirs = times.tronSign + times.tronVerify
  const row = (ms: number) => ({ ms: ms.toFixed(3), 'a second': perSec(ms) })
  console.table({
    'hash and sign': row(times.sign),
    'hash and check, known signer': row(times.check),
    'hash and recover, new signer': row(times.recover),
    'check a seat among 128': row(times.seat),
    'tronweb: hash and sign': row(times.tronSign),
    'tronweb: hash and recover': row(times.tronVerify),
    'tronweb: check a seat among 128': row(times.tronSeat),
  })
  const overheadPercent = (100 * wire.messageBytes) / wire.fileBytes
  console.log(
    `${wire.messages} messages, ${wire.messageBytes.toLocaleString('en-US')} bytes in both directions for ` +
      `${wire.fileBytes.toLocaleString('en-US')} bytes of file, ${wire.paidBytes.toLocaleString('en-US')} of them paid: ` +
      `${overheadPercent.toFixed(3)} %`,
  )
  return {
    signVerifyMs: Number(ours.toFixed(3)),
    timesTronweb: Number((theirs / ours).toFixed(2)),
    overheadPercent: Number(overheadPercent.toFixed(3)),
  }
}
