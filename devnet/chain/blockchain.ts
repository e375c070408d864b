/**
 * The chain. Invariants: transactions run one at a time, in the order in which they came; each is in exactly one block; the
 * open block's transactions have run already, so that reads see them, and sealing only gives the block its id.
 */
import { hexToBytes } from '../../lib/units/bytes.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { Transaction } from '../codec/transaction.ts'
import { refuseContract } from '../devnet-error.ts'
import { TvmState } from '../tvm/state.ts'
import { Tvm } from '../tvm/tvm.ts'
import { applyTransaction, type BlockContext, toEvmAddress } from './apply-transaction.ts'
import { type Block, chainIdOf, createBlock, ZERO_BLOCK_ID } from './block.ts'
import { checkTransaction } from './check-transaction.ts'
import { ContractRegistry } from './contract-registry.ts'
import { type Execution, execute } from './execution.ts'
import { applyGenesis, describeGenesis, type Genesis } from './genesis.ts'
import type { TransactionInfo } from './transaction-info.ts'

/** Blocks each 3 s as on TRON, or one for each transaction at once. */
export type BlockTime = 'instant' | number

/** Energy that a call without a transaction may use, as java-tron's default. */
const CONSTANT_CALL_ENERGY = 100_000_000n
/** With instant blocks the head is renewed when it is older than this, so that lifetimes count from now. */
const HEAD_MAX_AGE_MS = 3_000

export interface StoredTransaction {
  readonly transaction: Transaction
  readonly info: TransactionInfo
}

export interface SealedBlock {
  readonly block: Block
  readonly transactions: readonly Transaction[]
}

export interface CallRequest {
  readonly caller: AccountId
  readonly contract: AccountId | null
  readonly valueSun: bigint
  readonly tokenId: bigint
  readonly tokenAmount: bigint
  readonly data: Uint8Array
}

export class Blockchain {
  readonly state = new TvmState()
  readonly contracts = new ContractRegistry()
  readonly chainId: number
  readonly #tvm: Tvm
  readonly #blocks: Block[]
  readonly #stored = new Map<string, StoredTransaction>()
  readonly #byAccount = new Map<AccountId, string[]>()
  readonly #byContract = new Map<AccountId, string[]>()
  readonly #blockTime: BlockTime
  readonly #onSeal: (sealed: SealedBlock) => Promise<void>
  #open: { number: number; timestampMs: number; txIds: string[] } | null = null
  #clockOffsetMs = 0
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(
    genesisBlock: Block,
    blockTime: BlockTime,
    onSeal: (sealed: SealedBlock) => Promise<void>,
  ) {
    this.#blocks = [genesisBlock]
    this.#blockTime = blockTime
    this.#onSeal = onSeal
    this.chainId = chainIdOf(genesisBlock)
    this.#tvm = new Tvm(this.state, this.chainId, {
      getBlock: async (number) => ({ hash: () => hexToBytes(this.#blocks[number]?.id ?? ZERO_BLOCK_ID) }),
      putBlock: async () => undefined,
      shallowCopy() {
        return this
      },
    })
  }

  /** A chain with its genesis, and nothing else. `onSeal` persists each block before anyone sees it. */
  static async create(options: {
    readonly genesis: Genesis
    readonly blockTime: BlockTime
    readonly onSeal?: (sealed: SealedBlock) => Promise<void>
  }): Promise<Blockchain> {
    const block = createBlock({
      number: 0,
      parentId: ZERO_BLOCK_ID,
      timestampMs: 0,
      txIds: [],
      salt: describeGenesis(options.genesis),
    })
    const chain = new Blockchain(block, options.blockTime, options.onSeal ?? (async () => undefined))
    await applyGenesis(chain.state, options.genesis)
    return chain
  }

  get head(): Block {
    return this.#blocks.at(-1)!
  }

  /** The chain's clock: the machine's, moved by `advance`. */
  nowMs(): number {
    return Date.now() + this.#clockOffsetMs
  }

  getBlock(number: number): Block | undefined {
    return this.#blocks[number]
  }

  getBlockById(id: string): Block | undefined {
    const block = this.#blocks[Number.parseInt(id.slice(0, 16), 16)]
    return block?.id === id ? block : undefined
  }

  /** A transaction in a block or in the open one. */
  getTransaction(txId: string): StoredTransaction | undefined {
    return this.#stored.get(txId)
  }

  isSealed(stored: StoredTransaction): boolean {
    return stored.info.blockNumber <= this.head.number
  }

  /** Ids of the transactions that name an account, or log from a contract, oldest first. */
  listTransactions(id: AccountId): readonly string[] {
    return this.#byAccount.get(id) ?? []
  }

  listTransactionsWithLogsOf(contract: AccountId): readonly string[] {
    return this.#byContract.get(contract) ?? []
  }

  /** Checks and applies a transaction; with instant blocks also seals it. Throws DevnetRefusal. */
  broadcast(transaction: Transaction): Promise<TransactionInfo> {
    return this.#serialise(async () => {
      checkTransaction(transaction, {
        head: this.head,
        getBlock: (number) => this.#blocks[number],
        isKnown: (txId) => this.#stored.has(txId),
      })
      const block = this.#openBlock()
      try {
        return await this.#apply(transaction, block)
      } finally {
        if (block.txIds.length === 0) this.#open = null
        else if (this.#blockTime === 'instant') await this.#seal()
      }
    })
  }

  /** Runs a call without a transaction on the latest state, and undoes it. */
  call(request: CallRequest): Promise<Execution> {
    return this.#serialise(async () => {
      if (request.contract && (await this.getCode(request.contract)).length === 0) {
        throw refuseContract('Smart contract is not exist.')
      }
      await this.state.checkpoint()
      try {
        return await execute(this.#tvm, {
          caller: request.caller,
          to: request.contract,
          valueSun: request.valueSun,
          token: request.tokenAmount > 0n ? { tokenId: request.tokenId, amount: request.tokenAmount } : null,
          data: request.data,
          energyLimit: CONSTANT_CALL_ENERGY,
          txId: new Uint8Array(32),
          block: { number: this.head.number + 1, timestampMs: Math.max(this.nowMs(), this.head.timestampMs) },
        })
      } finally {
        await this.state.revert()
      }
    })
  }

  /**
   * Runs a task that reads `state` between transactions: while one runs, the state has its half-done work. The task must
   * not wait for `broadcast`, `call`, `mine` or another `read`.
   */
  read<T>(task: () => Promise<T>): Promise<T> {
    return this.#serialise(task)
  }

  /** Belongs inside `read`. */
  async getCode(contract: AccountId): Promise<Uint8Array> {
    return this.state.getCode(toEvmAddress(contract))
  }

  /** Seals the open block, an empty one if there is none. */
  mine(): Promise<Block> {
    return this.#serialise(() => this.#seal())
  }

  /** With instant blocks: makes sure that the head is recent. */
  async refreshHead(): Promise<void> {
    if (this.#blockTime !== 'instant') return
    if (this.nowMs() - this.head.timestampMs > HEAD_MAX_AGE_MS) await this.mine()
  }

  /** Moves the clock forward and seals a block at the new time. */
  advance(seconds: number): Promise<Block> {
    return this.#serialise(async () => {
      if (this.#open) await this.#seal()
      this.#clockOffsetMs += seconds * 1000
      return this.#seal()
    })
  }

  /** Resolves when nothing is running any more. */
  async settled(): Promise<void> {
    await this.#queue
  }

  /** Replays a block from disk; its transactions were checked when they came. */
  async restore(saved: { readonly timestampMs: number; readonly transactions: readonly Transaction[] }) {
    this.#open = { number: this.head.number + 1, timestampMs: saved.timestampMs, txIds: [] }
    for (const transaction of saved.transactions) await this.#apply(transaction, this.#open)
    this.#blocks.push(this.#createOpenBlock())
    this.#open = null
    this.#clockOffsetMs = Math.max(this.#clockOffsetMs, saved.timestampMs - Date.now())
  }

  async #apply(
    transaction: Transaction,
    block: BlockContext & { txIds: string[] },
  ): Promise<TransactionInfo> {
    const info = await applyTransaction(this.#tvm, transaction, block)
    block.txIds.push(transaction.txId)
    this.#stored.set(transaction.txId, { transaction, info })
    this.contracts.record(transaction, info)
    const { body } = transaction
    const named = [
      body.owner,
      'to' in body ? body.to : null,
      'account' in body ? body.account : null,
      info.contract,
    ]
    for (const id of new Set(named)) if (id) append(this.#byAccount, id, info.txId)
    for (const id of new Set(info.logs.map((log) => log.address))) append(this.#byContract, id, info.txId)
    return info
  }

  #openBlock(): { number: number; timestampMs: number; txIds: string[] } {
    this.#open ??= { number: this.head.number + 1, timestampMs: this.#nextTimestampMs(), txIds: [] }
    return this.#open
  }

  #nextTimestampMs(): number {
    const step = this.#blockTime === 'instant' ? 1 : this.#blockTime
    const now = this.nowMs()
    const slot = this.#blockTime === 'instant' ? now : Math.ceil(now / step) * step
    return Math.max(slot, this.head.timestampMs + (this.#blockTime === 'instant' ? 1 : step))
  }

  /** The block is the chain's only once it is on disk; until then the open block stays open. */
  async #seal(): Promise<Block> {
    const block = this.#createOpenBlock()
    const transactions = block.txIds.map((txId) => this.#stored.get(txId)!.transaction)
    await this.#onSeal({ block, transactions })
    this.#open = null
    this.#blocks.push(block)
    return block
  }

  #createOpenBlock(): Block {
    const { number, timestampMs, txIds } = this.#openBlock()
    return createBlock({ number, parentId: this.head.id, timestampMs, txIds })
  }

  #serialise<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task, task)
    this.#queue = run.catch(() => undefined)
    return run
  }
}

function append(index: Map<AccountId, string[]>, id: AccountId, txId: string): void {
  const list = index.get(id)
  if (list) list.push(txId)
  else index.set(id, [txId])
}
