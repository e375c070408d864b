/**
 * The virtual machine: @ethereumjs/evm with TRON's energy table, contract addresses, chain id, TRC-10 opcodes and call
 * depth. One instance a chain; calls must not overlap (the blockchain serialises them).
 */
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import type { EVMMockBlockchainInterface, EVMResult, EVMRunCallOpts } from '@ethereumjs/evm'
import { EVM, EVMError, type Message, NobleBN254 } from '@ethereumjs/evm'
import { type Account, Address } from '@ethereumjs/util'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { concatBytes } from '@noble/hashes/utils.js'
import { bytesToHex, hexToBytes } from '../../lib/units/bytes.ts'
import { type AccountId, accountIdToBytes } from '../codec/account-id.ts'
import { createTvmParams } from './energy-table.ts'
import type { TvmState } from './state.ts'
import { createTvmOpcodes } from './tvm-opcodes.ts'

/** TRC-10 tokens that travel with a message. */
export interface TokenTransfer {
  readonly tokenId: bigint
  readonly amount: bigint
}
const NO_TOKEN: TokenTransfer = { tokenId: 0n, amount: 0n }

export interface ExecutionRequest {
  readonly caller: AccountId
  /** null deploys `data`. */
  readonly to: AccountId | null
  readonly valueSun: bigint
  readonly token: TokenTransfer | null
  readonly data: Uint8Array
  readonly energyLimit: bigint
  /** The transaction's id, 32 bytes: contract addresses derive from it. */
  readonly txId: Uint8Array
  readonly block: { readonly number: number; readonly timestampMs: number }
}

export class Tvm extends EVM {
  readonly state: TvmState
  readonly #frames: TokenTransfer[] = []
  #pendingToken: TokenTransfer | null = null
  #rootTxId: Uint8Array = new Uint8Array(32)
  #rootCaller: AccountId = '0x'
  #internalNonce = 0n

  constructor(state: TvmState, chainId: number, blockchain: EVMMockBlockchainInterface) {
    super({
      common: new Common({ chain: Mainnet, hardfork: Hardfork.Petersburg, eips: [3855] }),
      stateManager: state,
      blockchain,
      params: createTvmParams(),
      allowUnlimitedContractSize: true,
      bn254: new NobleBN254(),
      customOpcodes: createTvmOpcodes({
        chainId,
        getFrameToken: () => this.#frames.at(-1) ?? NO_TOKEN,
        getTokenBalance: (id, tokenId) => state.getTokenBalance(id, tokenId.toString()),
        hasStorageRow: (contract, key) => state.hasStorageRow(contract, key),
        attachToken: (token) => {
          this.#pendingToken = token
        },
        getStandardCall: () => ({
          handler: this._handlers.get(0xf1)!,
          gasHandler: this._dynamicGasHandlers.get(0xf1)!,
        }),
      }),
    })
    this.state = state
  }

  /** Runs one transaction's message. The caller owns the checkpoint around it. */
  async execute(request: ExecutionRequest): Promise<EVMResult> {
    this.#rootTxId = request.txId
    this.#rootCaller = request.caller
    this.#internalNonce = 0n
    this.#pendingToken = request.token
    const caller = new Address(hexToBytes(request.caller))
    try {
      return await this.runCall({
        caller,
        origin: caller,
        ...(request.to ? { to: new Address(hexToBytes(request.to)) } : {}),
        value: request.valueSun,
        data: request.data,
        gasLimit: request.energyLimit,
        gasPrice: 0n,
        block: toEvmBlock(request.block),
      })
    } finally {
      this.journal.cleanJournal()
      this.state.originalStorageCache.clear()
      this.#frames.length = 0
      this.#pendingToken = null
    }
  }

  override async runCall(options: EVMRunCallOpts): Promise<EVMResult> {
    const isDelegate = options.message?.delegatecall === true
    const token = this.#pendingToken ?? (isDelegate ? this.#frames.at(-1) : null) ?? NO_TOKEN
    this.#pendingToken = null
    if (options.message) this.#internalNonce += 1n
    this.#frames.push(token)
    try {
      return await super.runCall(options)
    } finally {
      this.#frames.pop()
    }
  }

  protected override async _reduceSenderBalance(account: Account, message: Message): Promise<void> {
    await super._reduceSenderBalance(account, message)
    const token = this.#frames.at(-1) ?? NO_TOKEN
    if (token.amount === 0n) return
    const to = message.to ?? (await this._generateAddress(message))
    const moved = this.state.moveToken(
      message.caller.toString(),
      to.toString(),
      token.tokenId.toString(),
      token.amount,
    )
    if (!moved) throw new EVMError(EVMError.errorMessages.INSUFFICIENT_BALANCE)
  }

  /** TRON's rules: by transaction at the root, by a counter for CREATE, with the 0x41 prefix for CREATE2. */
  protected override async _generateAddress(message: Message): Promise<Address> {
    if (message.salt) {
      const code = (message.code ?? message.data) as Uint8Array
      const preimage = concatBytes(Uint8Array.of(0x41), message.caller.bytes, message.salt, keccak_256(code))
      return new Address(keccak_256(preimage).slice(12))
    }
    if (message.depth === 0) {
      return new Address(hexToBytes(createdAddress(this.#rootTxId, this.#rootCaller)))
    }
    const nonce = new Uint8Array(8)
    new DataView(nonce.buffer).setBigUint64(0, this.#internalNonce)
    return new Address(keccak_256(concatBytes(this.#rootTxId, nonce)).slice(12))
  }
}

/** The address that a CreateSmartContract transaction gives its contract. */
export function createdAddress(txId: Uint8Array, owner: AccountId): AccountId {
  return bytesToHex(keccak_256(concatBytes(txId, accountIdToBytes(owner))).slice(12))
}

function toEvmBlock(block: ExecutionRequest['block']): NonNullable<EVMRunCallOpts['block']> {
  return {
    header: {
      number: BigInt(block.number),
      coinbase: new Address(new Uint8Array(20)),
      timestamp: BigInt(Math.floor(block.timestampMs / 1000)),
      difficulty: 0n,
      prevRandao: new Uint8Array(32),
      gasLimit: 0n,
      getBlobGasPrice: () => undefined,
    },
  }
}
