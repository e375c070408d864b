/** What exists in block 0: TRX, and the TRC-10 token with the id and decimals of the old BTT. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, hexToBytes } from '../../lib/base/index.ts'
import { type Address, addressToBytes } from '../../lib/tron/index.ts'
import { accountIdToBytes } from '../codec/account-id.ts'
import { findContractType } from '../codec/contract-schemas.ts'
import { encodeMessage } from '../codec/message.ts'
import { RAW } from '../codec/raw-schema.ts'
import type { TvmState } from '../tvm/state.ts'
import { credit, openAccount } from './accounts.ts'
import { type Block, createBlock, type GenesisTransaction, ZERO_BLOCK_ID } from './block.ts'
import { DEMO_ACCOUNTS, FAUCET_ACCOUNT } from './demo-accounts.ts'

export interface GenesisAccount {
  readonly address: Address
  readonly trxSun: bigint
  /** Base units (6 decimals) of the TRC-10 token. */
  readonly bttoldAmount?: bigint
}

export interface Genesis {
  /** Another label is another chain id. */
  readonly chainLabel: string
  readonly accounts: readonly GenesisAccount[]
}

/** TRC-10 id of the token that was BTT until 2021. */
export const BTTOLD_TOKEN_ID = '1002000'
export const BTTOLD = { id: BTTOLD_TOKEN_ID, name: 'BTTOLD', abbreviation: 'BTTOLD', decimals: 6 } as const

const TRX = 1_000_000n

/** The faucet's hoard, the demo accounts, and what the caller adds. */
export function createGenesis(chainLabel: string, prefund: readonly GenesisAccount[]): Genesis {
  const faucet = { address: FAUCET_ACCOUNT.address, trxSun: 1_000_000_000n * TRX }
  const demo = DEMO_ACCOUNTS.map(({ address }) => ({ address, trxSun: 10_000n * TRX }))
  return { chainLabel, accounts: [faucet, ...demo, ...prefund] }
}

/** Who gives what is in block 0: a text in the place of an address. Source: java-tron, TransactionUtil.newGenesisTransaction. */
export const GENESIS_OWNER = Buffer.from(`0x${'0'.repeat(21)}`).toString('hex')
const TRANSFER = findContractType('TransferContract')!

/** Block 0: its id commits to the genesis. */
export function createGenesisBlock(genesis: Genesis): Block {
  return createBlock({
    number: 0,
    parentId: ZERO_BLOCK_ID,
    timestampMs: 0,
    txIds: [],
    salt: describeGenesis(genesis),
    genesisTransactions: genesis.accounts.filter(({ trxSun }) => trxSun > 0n).map(createGenesisTransaction),
  })
}

function createGenesisTransaction({ address, trxSun }: GenesisAccount): GenesisTransaction {
  const to = bytesToHex(addressToBytes(address))
  const value = encodeMessage(TRANSFER.schema, {
    owner_address: hexToBytes(GENESIS_OWNER),
    to_address: accountIdToBytes(to),
    amount: trxSun,
  })
  const parameter = { type_url: `type.googleapis.com/protocol.${TRANSFER.schema.name}`, value }
  const rawBytes = encodeMessage(RAW, { contract: [{ type: TRANSFER.number, parameter }] })
  return { txId: Buffer.from(sha256(rawBytes)).toString('hex'), rawBytes, to, amountSun: trxSun }
}

/** Everything that the chain id commits to, as text. */
function describeGenesis(genesis: Genesis): string {
  const lines = genesis.accounts.map((a) => `${a.address} ${a.trxSun} ${a.bttoldAmount ?? 0n}`)
  return [genesis.chainLabel, ...lines].join('\n')
}

export function applyGenesis(state: TvmState, genesis: Genesis): void {
  for (const account of genesis.accounts) {
    const id = bytesToHex(addressToBytes(account.address))
    if (!state.getMeta(id)) openAccount(state, id, 0)
    credit(state, id, account.trxSun)
    if (account.bttoldAmount) {
      const balance = state.getTokenBalance(id, BTTOLD_TOKEN_ID)
      state.setTokenBalance(id, BTTOLD_TOKEN_ID, balance + account.bttoldAmount)
    }
  }
}
