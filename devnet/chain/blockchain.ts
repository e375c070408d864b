/**
 * The chain. Invariants: transactions run one at a time, in the order in which they came; each is in exactly one block; the
 * open block's transactions have run already, so that reads see them, and sealing only gives the block its id.
 */
import { hexToBytes, StorageError } from '../../lib/base/index.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { Transaction } from '../codec/transaction.ts'
import { BadRequest, DevnetRefusal, refuseContract } from '../devnet-error.ts'
import type { DynamicEnergyRules } from '../tvm/dynamic-energy.ts'
import type { BlockEnvironment } from '../tvm/machine.ts'
import type { TvmState } from '../tvm/state.ts'
import { Tvm } from '../tvm/tvm.ts'
import { smaller } from '../tvm/words.ts'
import { findPermission } from './account-permissions.ts'
import { isContract } from './accounts.ts'
import { applyTransaction } from './apply-transaction.ts'
import { type Block, chainIdOf, createBlock, WITNESS_ID } from './block.ts'
import { BlockHistory } from './block-history.ts'
import type { SavedBlock } from './block-log.ts'
import { type BlockTime, ChainClock } from './chain-clock.ts'
import { ChainContent, type ContentCapture } from './chain-content.ts'
import { chainPort } from './chain-port.ts'
import { type ChainStore, FORGETFUL_STORE } from './chain-store.ts'
import { checkTransaction } from './check-transaction.ts'
import type { ContractRegistry } from './contract-registry.ts'
import { type Execution, execute } from './execution.ts'
import { applyGenesis, createGenesisBlock, type Genesis } from './genesis.ts'
import type { DroppedTransactions, Reorganisation } from './reorganisation.ts'
import { copyOpenBlock, describeReplacement, type OpenBlock, type Snapshot } from './snapshot.ts'
import type { StoredTransaction } from './transaction-index.ts'
import type { TransactionInfo } from './transaction-info.ts'

export type { BlockTime } from './chain-clock.ts'
export type { StoredTransaction } from './transaction-index.ts'

/** Energy that a call without a transaction may use, as java-tron's default. */
const CONSTANT_CALL_ENERGY = 100_000_000n
/** With instant blocks the head is renewed when it is older than this, so that lifetimes count from now. */
const HEAD_MAX_AGE_MS = 3_000

export interface CallRequest {
  readonly caller: AccountId
  readonly contract: AccountId | null
  readonly valueSun: bigint
  readonly tokenId: bigint
  readonly tokenAmount: bigint
  readonly data: Uint8Array
  /** Of the transaction that it would be: the contract that it makes has its address by it. */
  readonly txId?: Uint8Array
  /** A lower limit than a call's own. */
  readonly energyLimit?: bigint
  /** Which state the call sees; the newest by default. */
  readonly stateOf?: StateOf
}

/** The newest state, or that of the solidified head. */
export type StateOf = 'newest' | 'solidified'

export interface ChainOptions {
  readonly genesis: Genesis
  readonly blockTime: BlockTime
  /** How many blocks the solidified head is behind; solidified blocks cannot be dropped. */
  readonly solidLagBlocks?: number
  /** Keeps each block before anyone sees it. */
  readonly store?: ChainStore
  /** False refuses calls without a transaction, as java-tron does until it is told otherwise (`vm.supportConstant`). */
  readonly supportsConstant?: boolean
}

export class Blockchain {
  readonly chainId: number
  readonly supportsConstant: boolean
  readonly #content = new ChainContent()
  readonly #tvm: Tvm
  readonly #blockTime: BlockTime
  readonly #clock: ChainClock
  readonly #history: BlockHistory
  readonly #store: ChainStore
  readonly #snapshots = new Map<string, Snapshot>()
  #solid: { readonly capture: ContentCapture; readonly content: ChainContent } | null = null
  #open: OpenBlock | null = null
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(options: ChainOptions, genesisBlock: Block) {
    this.supportsConstant = options.supportsConstant ?? true
    this.#blockTime = options.blockTime
    this.#clock = new ChainClock(options.blockTime)
    this.#history = new BlockHistory(options.solidLagBlocks ?? 0)
    this.#store = options.store ?? FORGETFUL_STORE
    this.chainId = chainIdOf(genesisBlock)
    this.#tvm = this.#createTvm(this.state)
  }

  #createTvm(state: TvmState): Tvm {
    return new Tvm(state, this.chainId, chainPort)
  }

  #environmentOf({ number, timestampMs }: Pick<Block, 'number' | 'timestampMs'>): BlockEnvironment {
    return {
      number,
      timestampMs,
      witness: WITNESS_ID,
      getBlockId: (wanted) => {
        const block = this.#history.get(wanted)
        return block ? hexToBytes(block.id) : null
      },
    }
  }

  /** A chain with its genesis, and nothing else. */
  static async create(options: ChainOptions): Promise<Blockchain> {
    const genesisBlock = createGenesisBlock(options.genesis)
    const chain = new Blockchain(options, genesisBlock)
    applyGenesis(chain.state, options.genesis)
    chain.#history.push(genesisBlock, () => chain.#content.capture())
    return chain
  }

  get state(): TvmState {
    return this.#content.state
  }

  /** What transactions run under; null while dynamic energy is off. */
  get dynamicEnergy(): DynamicEnergyRules | null {
    return this.#content.dynamicEnergy
  }

  get contracts(): ContractRegistry {
    return this.#content.contracts
  }

  /** State and contracts as of the solidified head; the newest when nothing lags. Belongs inside `read`. */
  get solidContent(): ChainContent {
    const capture = this.#history.findSolid()
    if (!capture) return this.#content
    if (this.#solid?.capture !== capture) {
      const content = new ChainContent()
      content.restore(capture)
      this.#solid = { capture, content }
    }
    return this.#solid.content
  }

  get head(): Block {
    return this.#history.head
  }

  /** The newest block that cannot be dropped any more. */
  get solidNumber(): number {
    return this.#history.solidNumber
  }

  /** The chain's clock: the machine's, moved by `advance` and `setTime`. */
  nowMs(): number {
    return this.#clock.nowMs()
  }

  getBlock(number: number): Block | undefined {
    return this.#history.get(number)
  }

  getBlockById(id: string): Block | undefined {
    const block = this.#history.get(Number.parseInt(id.slice(0, 16), 16))
    return block?.id === id ? block : undefined
  }

  /** A transaction in a block or in the open one. */
  getTransaction(txId: string): StoredTransaction | undefined {
    return this.#content.transactions.get(txId)
  }

  isSealed(stored: StoredTransaction): boolean {
    return stored.info.blockNumber <= this.head.number
  }

  /** Ids of the transactions that name an account, or log from a contract, oldest first. */
  listTransactions(id: AccountId): readonly string[] {
    return this.#content.transactions.listNaming(id)
  }

  listTransactionsWithLogsOf(contract: AccountId): readonly string[] {
    return this.#content.transactions.listWithLogsOf(contract)
  }

  /** Checks and applies a transaction; with instant blocks also seals it. Throws DevnetRefusal. */
  broadcast(transaction: Transaction): Promise<TransactionInfo> {
    return this.#serialise(async () => {
      const info = await this.#accept(transaction)
      if (this.#blockTime === 'instant') await this.#seal()
      return info
    })
  }

  /** Runs a call without a transaction on the latest state, and undoes it. */
  call(request: CallRequest): Promise<Execution> {
    return this.#serialise(async () => {
      const isSolidified = request.stateOf === 'solidified'
      const { state, dynamicEnergy } = isSolidified ? this.solidContent : this.#content
      if (request.contract && !isContract(state, request.contract)) {
        throw refuseContract('Smart contract is not exist.')
      }
      if (!this.supportsConstant) throw refuseContract('this node does not support constant')
      const head = isSolidified ? this.getBlock(this.solidNumber)! : this.head
      const tvm = state === this.state ? this.#tvm : this.#createTvm(state)
      const run = {
        caller: request.caller,
        to: request.contract,
        valueSun: request.valueSun,
        token: request.tokenAmount > 0n ? { tokenId: request.tokenId, amount: request.tokenAmount } : null,
        data: request.data,
        energyLimit: smaller(request.energyLimit ?? CONSTANT_CALL_ENERGY, CONSTANT_CALL_ENERGY),
        txId: request.txId ?? new Uint8Array(32),
        // A call sees the head itself, not a block to come.
        block: this.#environmentOf(head),
        dynamicEnergy,
      }
      const problem = tvm.findTransferProblem(run)
      if (problem) throw refuseContract(problem)
      state.checkpoint()
      try {
        return execute(tvm, run)
      } finally {
        state.revert()
      }
    })
  }

  /**
   * Runs a task that reads `state` between transactions: while one runs, the state has its half-done work. The task must
   * not wait for `broadcast`, `call`, `mine` or another `read`.
   */
  read<T>(task: () => T | Promise<T>): Promise<T> {
    return this.#serialise(async () => task())
  }

  /** Belongs inside `read`. */
  async getCode(contract: AccountId): Promise<Uint8Array> {
    return this.state.getCode(contract)
  }

  /** Seals the open block, an empty one if there is none. */
  mine(): Promise<Block> {
    return this.#serialise(() => this.#seal())
  }

  /** With instant blocks: makes sure that the head is recent, unless a reorganisation left transactions waiting. */
  async refreshHead(): Promise<void> {
    if (this.#blockTime !== 'instant' || this.#open) return
    if (this.nowMs() - this.head.timestampMs > HEAD_MAX_AGE_MS) await this.mine()
  }

  /** Moves the clock forward and seals a block at the new time. */
  advance(seconds: number): Promise<Block> {
    return this.#serialise(() => this.#sealLater(seconds * 1000))
  }

  /** Sets the clock, which runs on, and seals a block at that time. Throws BadRequest: time never goes back. */
  setTime(timestampMs: number): Promise<Block> {
    return this.#serialise(() => {
      if (!Number.isSafeInteger(timestampMs) || timestampMs <= Math.max(this.nowMs(), this.head.timestampMs))
        throw new BadRequest(`the time is to be after ${this.nowMs()} ms: it never goes back`, 400)
      return this.#sealLater(timestampMs - this.nowMs())
    })
  }

  /** Makes busy contracts dearer from now on, or none (null), and seals a block that says so. */
  setDynamicEnergy(rules: DynamicEnergyRules | null): Promise<Block> {
    return this.#serialise(async () => {
      // A block's transactions all run under the same rules.
      if (this.#open) await this.#seal()
      this.#content.dynamicEnergy = rules
      return this.#seal()
    })
  }

  /**
   * Takes the last blocks off: state, receipts, events and the disk go back to the block before them, and another branch
   * can grow there. What waited for a block waits on, where it is still valid. Throws BadRequest when a block is solidified.
   */
  reorganise(options: {
    readonly dropBlocks: number
    readonly transactions: DroppedTransactions
  }): Promise<Reorganisation> {
    return this.#serialise(async () => {
      const { dropBlocks } = options
      const number = this.head.number - dropBlocks
      const undo = this.#history.findUndo(number)
      if (!undo)
        throw new BadRequest(
          `at least 1 and at most ${this.head.number - this.solidNumber} blocks can be dropped: the rest is solidified`,
          400,
        )
      const load = (txIds: readonly string[]) => txIds.map((txId) => this.getTransaction(txId)!.transaction)
      const dropped = this.#history.listFrom(number + 1)
      const unsealed = load(dropped.flatMap((block) => block.txIds))
      const waiting = load(this.#open?.txIds ?? [])
      await this.#store.replace({ dropBlocks, blocks: [], solidNumber: this.solidNumber })
      this.#content.restore(undo)
      this.#history.dropAbove(number)
      this.#open = null
      const requeued: string[] = []
      for (const transaction of [...(options.transactions === 'requeue' ? unsealed : []), ...waiting])
        if (await this.#isAccepted(transaction)) requeued.push(transaction.txId)
      const forgotten = unsealed.map(({ txId }) => txId).filter((txId) => !requeued.includes(txId))
      return { dropped, requeued, forgotten }
    })
  }

  /** Remembers the whole chain, clock and waiting transactions included; returns the snapshot's id. In memory only. */
  takeSnapshot(): Promise<string> {
    return this.#serialise(async () => {
      const id = `snapshot-${this.#snapshots.size + 1}`
      this.#snapshots.set(id, {
        content: this.#content.capture(),
        history: this.#history.capture(),
        open: copyOpenBlock(this.#open),
        clockOffsetMs: this.#clock.offsetMs,
      })
      return id
    })
  }

  /** Makes the chain what it was; the snapshot stays, and so do later ones. Throws BadRequest on an unknown id. */
  restoreSnapshot(id: string): Promise<void> {
    return this.#serialise(async () => {
      const snapshot = this.#snapshots.get(id)
      if (!snapshot) throw new BadRequest('there is no such snapshot', 400)
      const replacement = describeReplacement(snapshot, this.head.number, (number) => this.getBlock(number))
      await this.#store.replace(replacement)
      this.#content.restore(snapshot.content)
      this.#history.restore(snapshot.history)
      this.#open = copyOpenBlock(snapshot.open)
      this.#clock.offsetMs = snapshot.clockOffsetMs
    })
  }

  /** Resolves when nothing is running any more. */
  async settled(): Promise<void> {
    await this.#queue
  }

  /** Replays blocks from disk; their transactions were checked when they came. Throws StorageError on another outcome. */
  async replay(saved: readonly SavedBlock[], solidNumber: number): Promise<void> {
    // Said before: what cannot be dropped at the end need not be captured on the way.
    this.#history.solidify(Math.max(solidNumber, this.#history.solidBelow(saved.length)))
    for (const { id, timestampMs, transactions, dynamicEnergy } of saved) {
      if (dynamicEnergy || this.dynamicEnergy) this.#content.dynamicEnergy = dynamicEnergy
      this.#open = { number: this.head.number + 1, timestampMs, txIds: [] }
      for (const transaction of transactions) await this.#apply(transaction, this.#open)
      const block = this.#createOpenBlock()
      if (block.id !== id)
        throw new StorageError('devnet-state', `block ${block.number} does not replay: delete the state`)
      this.#push(block)
    }
    this.#clock.catchUp(this.head.timestampMs)
  }

  /** Checks a transaction and runs it in the open block. */
  async #accept(transaction: Transaction): Promise<TransactionInfo> {
    checkTransaction(transaction, {
      head: this.head,
      getBlock: (number) => this.getBlock(number),
      isKnown: (txId) => this.getTransaction(txId) !== undefined,
      findPermission: (owner, permissionId) => findPermission(this.state, owner, permissionId),
    })
    const block = this.#openBlock()
    try {
      return await this.#apply(transaction, block)
    } finally {
      if (block.txIds.length === 0) this.#open = null
    }
  }

  async #isAccepted(transaction: Transaction): Promise<boolean> {
    try {
      await this.#accept(transaction)
      return true
    } catch (error) {
      if (error instanceof DevnetRefusal) return false
      throw error
    }
  }

  async #apply(transaction: Transaction, block: OpenBlock): Promise<TransactionInfo> {
    const findSponsor = (contract: AccountId) => this.contracts.findSponsor(contract)
    const info = applyTransaction(this.#tvm, transaction, {
      block: this.#environmentOf(block),
      findSponsor,
      dynamicEnergy: this.dynamicEnergy,
    })
    block.txIds.push(transaction.txId)
    this.#content.record(transaction, info)
    return info
  }

  #openBlock(): OpenBlock {
    this.#open ??= {
      number: this.head.number + 1,
      timestampMs: this.#clock.nextBlockMs(this.#history.latestTimestampMs),
      txIds: [],
    }
    return this.#open
  }

  /** The block is the chain's only once it is on disk; until then the open block stays open. */
  async #seal(): Promise<Block> {
    const block = this.#createOpenBlock()
    const transactions = block.txIds.map((txId) => this.getTransaction(txId)!.transaction)
    await this.#store.append({ block, transactions })
    this.#push(block)
    return block
  }

  async #sealLater(durationMs: number): Promise<Block> {
    if (this.#open) await this.#seal()
    this.#clock.moveAhead(durationMs)
    return this.#seal()
  }

  #push(block: Block): void {
    this.#open = null
    this.#history.push(block, () => this.#content.capture())
  }

  #createOpenBlock(): Block {
    const { number, timestampMs, txIds } = this.#openBlock()
    const { dynamicEnergy } = this
    return createBlock({ number, parentId: this.head.id, timestampMs, txIds, dynamicEnergy })
  }

  #serialise<T>(task: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(task, task)
    this.#queue = run.catch(() => undefined)
    return run
  }
}
