/** Signs and sends transactions of the devnet's own accounts without going through HTTP. */
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '../../lib/base/index.ts'
import { addressToBytes } from '../../lib/tron/index.ts'
import { formatAccountId } from '../codec/account-id.ts'
import { decodeTransaction } from '../codec/transaction.ts'
import { encodeRawData } from '../codec/transaction-json.ts'
import { DevnetRefusal } from '../devnet-error.ts'
import { refBlockOf } from './block.ts'
import type { Blockchain } from './blockchain.ts'
import type { DemoAccount } from './demo-accounts.ts'
import type { TransactionInfo } from './transaction-info.ts'

export type LocalContractType = 'TransferContract' | 'TriggerSmartContract' | 'CreateSmartContract'

/** Sends one transaction from a devnet account. Throws DevnetRefusal when it is refused or its execution fails. */
export async function sendAs(
  chain: Blockchain,
  account: DemoAccount,
  type: LocalContractType,
  value: Readonly<Record<string, unknown>>,
): Promise<TransactionInfo> {
  await chain.refreshHead()
  const { refBlockBytes, refBlockHash } = refBlockOf(chain.head)
  const owner = formatAccountId(bytesToHex(addressToBytes(account.address)), false)
  const rawBytes = encodeRawData({
    contract: [
      {
        parameter: {
          value: { owner_address: owner, ...value },
          type_url: `type.googleapis.com/protocol.${type}`,
        },
        type,
      },
    ],
    ref_block_bytes: refBlockBytes,
    ref_block_hash: refBlockHash,
    expiration: chain.head.timestampMs + 60_000,
    timestamp: nextTimestampMs(chain),
    ...(type === 'TransferContract' ? {} : { fee_limit: 15_000_000_000 }),
  })
  const info = await chain.broadcast(decodeTransaction(rawBytes, [sign(rawBytes, account)]))
  if (info.message !== null) throw new DevnetRefusal('CONTRACT_EXE_ERROR', info.message)
  return info
}

function sign(rawBytes: Uint8Array, account: DemoAccount): Uint8Array {
  const bytes = secp256k1.sign(sha256(rawBytes), hexToBytes(account.privateKey), {
    prehash: false,
    format: 'recovered',
  })
  // The library writes the recovery bit first, TRON last.
  return Uint8Array.of(...bytes.slice(1), bytes[0]! + 27)
}

let lastTimestampMs = 0
/** Distinct for each transaction, so that two equal ones in one block have different ids. */
function nextTimestampMs(chain: Blockchain): number {
  lastTimestampMs = Math.max(lastTimestampMs + 1, chain.nowMs())
  return lastTimestampMs
}
