/** The steps that are no calls of our contracts: two deployments, and test TRX for those who send. */

import type { Hex } from '../../lib/base/index.ts'
import { swarmChannelsAbi } from '../../lib/channels/index.ts'
import type { Address, TransactionSigner } from '../../lib/tron/index.ts'
import {
  bandwidthOf,
  broadcast,
  checkAffordable,
  checkSigned,
  createPriceReader,
  feeLimitOf,
  hashRawData,
  LIFETIME_MS,
  quoteFee,
  readHead,
  toAccountHex,
  type UnsignedTransaction,
  waitForReceipt,
} from '../../lib/tron/index.ts'
import type { FeeSun } from '../../lib/units/index.ts'
import { type Artifact, hashCode } from '../deploy/contract-code.ts'
import { simulateCreation } from '../deploy/deployment-plan.ts'
import { buildDeployment, contractAddressOf } from '../deploy/deployment-transaction.ts'
import { CODE_READS_WHEN_FRESH, readCodeHash } from '../deploy/read-code-hash.ts'
import type { Party } from './cast.ts'
import { fail } from './exit-codes.ts'
import type { Run } from './run.ts'

export interface Creation {
  readonly step: string
  readonly contractName: string
  readonly artifact: Artifact
  /** Creation code with the constructor's arguments. */
  readonly code: Hex
  /** What must then stand there. */
  readonly expected: (contract: Address) => Uint8Array
}

/** Deploys once, and reads the code back, byte for byte. */
export async function deployOnce(run: Run, owner: Party, creation: Creation): Promise<Address> {
  const { node, codec } = run
  const { step, artifact, code, contractName } = creation
  const go = async (signer: TransactionSigner): Promise<Hex> => {
    const prices = await createPriceReader(node)()
    const energy = await simulateCreation(node, codec, code, owner.address)
    const { unsigned } = buildDeployment(codec, {
      ...{ owner: owner.address, name: contractName, abi: artifact.abi, code },
      feeLimitSun: feeLimitOf(energy, prices),
      head: await readHead(node),
      nowMs: Date.now(),
    })
    const quote = quoteFee(energy, bandwidthOf(unsigned.raw_data_hex), prices)
    await checkAffordable(node, owner.address, quote, prices)
    return deliver(run, unsigned, signer)
  }
  const compare = async (txId: Hex): Promise<void> => {
    const contract = contractAddressOf(txId, toAccountHex(owner.address))
    const wanted = hashCode(creation.expected(contract))
    const actual = await readCodeHash(node, contract, CODE_READS_WHEN_FRESH)
    if (actual !== wanted)
      throw fail(
        `${step}: the code at ${contract} is ${actual ?? 'missing'}, not ${wanted}: the node is of another chain than it says, or runs code otherwise`,
      )
  }
  const { txId } = await run.once(step, owner.signer, go, compare)
  return contractAddressOf(txId, toAccountHex(owner.address))
}

/** Gives a fresh account test TRX, once. */
export async function giftOnce(
  run: Run,
  step: string,
  from: Party,
  to: Party,
  amountSun: FeeSun,
): Promise<void> {
  const go = async (signer: TransactionSigner): Promise<Hex> => {
    const head = await readHead(run.node)
    const raw_data = {
      contract: [
        {
          parameter: {
            value: {
              owner_address: toAccountHex(from.address),
              to_address: toAccountHex(to.address),
              amount: Number(amountSun),
            },
            type_url: 'type.googleapis.com/protocol.TransferContract',
          },
          type: 'TransferContract',
        },
      ],
      ref_block_bytes: (head.number & 0xffff).toString(16).padStart(4, '0'),
      ref_block_hash: head.blockId.slice(18, 34),
      expiration: head.timestampMs + LIFETIME_MS,
      timestamp: Date.now(),
    }
    const raw_data_hex = run.codec.encodeRawData({ visible: false, raw_data })
    return deliver(run, { visible: false, txID: hashRawData(raw_data_hex), raw_data_hex, raw_data }, signer)
  }
  await run.once(step, from.signer, go)
}

async function deliver(run: Run, unsigned: UnsignedTransaction, signer: TransactionSigner): Promise<Hex> {
  const signed = checkSigned(unsigned, await signer.signTransaction(unsigned), signer.address)
  await broadcast(run.node, signed)
  const sent = { txId: `0x${signed.txID}` as Hex, expiresAtMs: Number(unsigned.raw_data.expiration) }
  await waitForReceipt(run.node, sent, run.codec.createInterface(swarmChannelsAbi))
  return sent.txId
}
