/** What one voucher costs in signatures, beside tronweb's typed data in the same run. */
import { utils } from 'tronweb'
import {
  addressOfPrivateKey,
  createSignatureCheck,
  recoverSigner,
  signDigest,
  typedDataTypes,
  voucherDigest,
} from '../lib/tron/index.ts'
import { bytesToHex, type Hex, toAmount } from '../lib/units/index.ts'

const ROUNDS = 200

interface VoucherFigures {
  /** One signature and one check, in milliseconds. */
  readonly signVerifyMs: number
  /** How many times as long tronweb takes. */
  readonly timesTronweb: number
}

/** Median milliseconds of `act` over the rounds. */
function measure(act: (round: number) => void): number {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const startMs = performance.now()
    act(round)
    times.push(performance.now() - startMs)
  }
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0
}

export function run(): VoucherFigures {
  const key = crypto.getRandomValues(new Uint8Array(32))
  const signer = addressOfPrivateKey(key)
  const domain = { chainId: 1, contract: signer }
  const channelId: Hex = bytesToHex(crypto.getRandomValues(new Uint8Array(32)))
  const value = (i: number) => ({ channelId, payee: signer, cumulative: toAmount(BigInt(i + 1)) })
  const signatures: Hex[] = []
  const sign = measure((i) => {
    signatures[i] = signDigest(key, voucherDigest(value(i), domain))
  })
  const isSigned = createSignatureCheck(signer)
  const check = measure((i) => {
    if (!isSigned(voucherDigest(value(i), domain), signatures[i] ?? '0x'))
      throw new Error('a good voucher failed')
  })
  const recover = measure((i) => {
    if (recoverSigner(voucherDigest(value(i), domain), signatures[i] ?? '0x') !== signer)
      throw new Error('a good voucher failed')
  })

  const { signTypedData, verifyTypedData } = utils.typedData
  const tronDomain = { name: 'SwarmChannels', version: '1', chainId: 1, verifyingContract: signer }
  const types = { Voucher: [...typedDataTypes.Voucher] }
  const tronValue = (i: number) => ({ channel: channelId, payee: signer, cumulative: BigInt(i + 1) })
  const keyHex = bytesToHex(key).slice(2)
  const tronSignatures: string[] = []
  const tronSign = measure((i) => {
    tronSignatures[i] = signTypedData(tronDomain, types, tronValue(i), keyHex)
  })
  const tronVerify = measure((i) => {
    if (tronSignatures[i] !== signatures[i]) throw new Error('tronweb signs otherwise')
    verifyTypedData(tronDomain, types, tronValue(i), tronSignatures[i] ?? '')
  })

  const ours = sign + check
  const theirs = tronSign + tronVerify
  console.table({
    'hash and sign': { ms: sign.toFixed(3) },
    'hash and check, known signer': { ms: check.toFixed(3) },
    'hash and recover, new signer': { ms: recover.toFixed(3) },
    'tronweb: hash and sign': { ms: tronSign.toFixed(3) },
    'tronweb: hash and recover': { ms: tronVerify.toFixed(3) },
  })
  return { signVerifyMs: Number(ours.toFixed(3)), timesTronweb: Number((theirs / ours).toFixed(2)) }
}
