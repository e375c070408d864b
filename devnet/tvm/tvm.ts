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
import { type InternalTransaction, InternalTransactions } from './internal-transactions.ts'
import type { TvmState } from './state.ts'
import { createTvmOpcodes } from './tvm-opcodes.ts'

/** TRC-10 tokens that travel with a message. */
export interface TokenTransfer {
  readonly tokenId: bigint
  readonly amount: bigint
}
const NO_TOKEN: TokenTransfer = { tokenId: 0n, amount: 0n }
const ADDRESS_MASK = (1n << 160n) - 1n

/** A message that runs: the tokens that came with it, and the hash of its internal transaction. */
interface Frame {
  readonly token: TokenTransfer
  readonly hash: Uint8Array
  /** The contract that it makes. */
  readonly created: AccountId | null
}

export interface TvmResult extends EVMResult {
  readonly internalTransactions: readonly InternalTransaction[]
}

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
  readonly #frames: Frame[] = []
  #pendingToken: TokenTransfer | null = null
  #rootTxId: Uint8Array = new Uint8Array(32)
  #rootCaller: AccountId = '0x'
  #internals = new InternalTransactions(new Uint8Array(32))

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
        getFrameToken: () => this.#frames.at(-1)?.token ?? NO_TOKEN,
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
    this.#noteSelfDestruction()
  }

  /** Runs one transaction's message. The caller owns the checkpoint around it. */
  async execute(request: ExecutionRequest): Promise<TvmResult> {
    this.#rootTxId = request.txId
    this.#rootCaller = request.caller
    this.#internals = new InternalTransactions(request.txId)
    this.#pendingToken = request.token
    const caller = new Address(hexToBytes(request.caller))
    try {
      const outcome = await this.runCall({
        caller,
        origin: caller,
        ...(request.to ? { to: new Address(hexToBytes(request.to)) } : {}),
        value: request.valueSun,
        data: request.data,
        gasLimit: request.energyLimit,
        gasPrice: 0n,
        block: toEvmBlock(request.block),
      })
      if (outcome.execResult.exceptionError) this.#internals.reject(0)
      return { ...outcome, internalTransactions: this.#internals.list }
    } finally {
      this.journal.cleanJournal()
      this.state.originalStorageCache.clear()
      this.#frames.length = 0
      this.#pendingToken = null
    }
  }

  override async runCall(options: EVMRunCallOpts): Promise<EVMResult> {
    const { message } = options
    const parent = this.#frames.at(-1)
    const sent = this.#pendingToken
    this.#pendingToken = null
    const token = sent ?? (message?.delegatecall ? parent?.token : null) ?? NO_TOKEN
    const index = this.#internals.list.length
    const isCounted = message !== undefined && !this.#isPrecompile(message)
    // Asked for before the counter moves on.
    const created = message && message.to === undefined ? this.#createdAddress(message) : null
    const hash = isCounted ? this.#noteMessage(message, created, sent) : (parent?.hash ?? this.#rootTxId)
    this.#frames.push({ token, hash, created })
    try {
      const outcome = await super.runCall(options)
      if (isCounted && outcome.execResult.exceptionError) this.#internals.reject(index)
      return outcome
    } finally {
      this.#frames.pop()
    }
  }

  /** Precompiles are called without an internal transaction. */
  #isPrecompile(message: Message): boolean {
    return message.to !== undefined && this.getPrecompile(message.codeAddress) !== undefined
  }

  #noteMessage(message: Message, created: AccountId | null, token: TokenTransfer | null): Uint8Array {
    // A delegated call runs in the caller's own name: it is from the running contract to itself.
    const isDelegated = message.delegatecall === true
    return this.#internals.add({
      caller: (isDelegated ? message.to! : message.caller).toString() as AccountId,
      to: created ?? (message.to!.toString() as AccountId),
      valueSun: isDelegated ? 0n : message.value,
      token,
      note: created ? 'create' : 'call',
      data: (message.data ?? message.code ?? new Uint8Array(0)) as Uint8Array,
      parentHash: this.#frames.at(-1)?.hash ?? this.#rootTxId,
    })
  }

  /** A contract that destroys itself leaves its TRX, as everywhere, and its TRC-10 tokens to the one that it names. */
  #noteSelfDestruction(): void {
    const destroy = this._handlers.get(0xff)!
    this._handlers.set(0xff, async (state, common) => {
      const owner = state.interpreter.getAddress().toString() as AccountId
      const [heirWord = 0n] = state.stack.peek(1)
      const heir: AccountId = `0x${(heirWord & ADDRESS_MASK).toString(16).padStart(40, '0')}`
      this.#internals.add({
        caller: owner,
        to: heir,
        valueSun: await state.interpreter.getSelfBalance(),
        token: null,
        note: 'suicide',
        data: new Uint8Array(0),
        parentHash: this.#frames.at(-1)?.hash ?? this.#rootTxId,
      })
      for (const [tokenId, amount] of this.state.listTokenBalances(owner)) {
        if (heir === owner) this.state.setTokenBalance(owner, tokenId, 0n)
        else this.state.moveToken(owner, heir, tokenId, amount)
      }
      await destroy(state, common)
    })
  }

  protected override async _reduceSenderBalance(account: Account, message: Message): Promise<void> {
    await super._reduceSenderBalance(account, message)
    const token = this.#frames.at(-1)?.token ?? NO_TOKEN
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
    return new Address(hexToBytes(this.#frames.at(-1)?.created ?? this.#createdAddress(message)))
  }

  #createdAddress(message: Message): AccountId {
    if (message.salt) {
      const code = (message.code ?? message.data) as Uint8Array
      const preimage = concatBytes(Uint8Array.of(0x41), message.caller.bytes, message.salt, keccak_256(code))
      return bytesToHex(keccak_256(preimage).slice(12))
    }
    if (message.depth === 0) {
      return createdAddress(this.#rootTxId, this.#rootCaller)
    }
    return this.#internals.nextCreatedAddress()
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
