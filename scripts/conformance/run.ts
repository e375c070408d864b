/**
 * Steps that are taken once. Invariants: a transaction is on the disk, signed, before it is sent, and a later run hands over
 * the same one; a step is done only when its receipt, its payments and all balances are as they must be.
 */

import type { Hex } from '../../lib/base/index.ts'
import { AppError, ChainError } from '../../lib/base/index.ts'
import type { Chain, ContractCall } from '../../lib/channels/index.ts'
import { swarmChannelsAbi } from '../../lib/channels/index.ts'
import type {
  AbiInterface,
  Address,
  TransactionReceipt,
  TransactionSigner,
  TronCodec,
} from '../../lib/tron/index.ts'
import {
  bandwidthOf,
  broadcast,
  isFateUnknown,
  isMined,
  type NodeClient,
  readCount,
  readHead,
  readObject,
  readReceipt,
  type SignedTransaction,
  waitForReceipt,
} from '../../lib/tron/index.ts'
import type { Books } from './books.ts'
import type { Party } from './cast.ts'
import { ConformanceStop, fail } from './exit-codes.ts'
import type { DoneStep, RunState, RunStore, SentStep } from './run-state.ts'

/** A public gateway counts calls a second and turns away for a while; some of its nodes are a block behind. */
const RETRIES = 6
const FIRST_PAUSE_MS = 500
/** Past its expiry the chain may still be late to show a transaction. */
const GRACE_MS = 30_000

export interface RunIo {
  say(line: string): void
  /** How long the chain may take to show what a receipt has told; 0 where one node answers all. */
  readonly patienceMs: number
}

/** What a call must have brought about, besides the books. */
export interface Outcome {
  /** Writes it into the books. */
  readonly effect?: (books: Books) => void
  /** What the transaction paid, by the token's own events. */
  readonly paid?: ReadonlyMap<Address, bigint>
  /** Anything else to look at, with the transaction's id. */
  readonly after?: (txId: Hex) => Promise<void>
}

export class Run {
  readonly node: NodeClient
  readonly codec: TronCodec
  readonly state: RunState
  readonly #store: RunStore
  readonly #io: RunIo
  readonly #abi: AbiInterface

  constructor(node: NodeClient, codec: TronCodec, state: RunState, store: RunStore, io: RunIo) {
    this.node = node
    this.codec = codec
    this.state = state
    this.#store = store
    this.#io = io
    this.#abi = codec.createInterface(swarmChannelsAbi)
  }

  say(line: string): void {
    this.#io.say(line)
  }

  /** Sends a call by our own client, once, and compares what it did. */
  async send(
    chain: Chain,
    books: Books,
    name: string,
    sender: Party,
    call: ContractCall,
    outcome: Outcome = {},
  ): Promise<Hex> {
    outcome.effect?.(books)
    const done = await this.once(
      name,
      sender.signer,
      async (signer) => (await chain.send(call, signer)).txId,
      async (txId) => {
        for (const [payee, amount] of outcome.paid ?? [])
          await this.#eventually(async () => {
            const moved = await chain.getPayout(txId, payee)
            if (moved !== amount)
              throw fail(`${name}: the receipt says success and ${payee} was paid ${moved}, not ${amount}`)
          })
        await this.#eventually(() => books.compare(chain, false))
        await outcome.after?.(txId)
      },
    )
    return done.txId
  }

  /**
   * Does a step once over all runs. `go` signs with the signer that it is given and resolves when a block has it; `check` runs before
   * the step counts as done. Throws ConformanceStop.
   */
  async once(
    name: string,
    signer: TransactionSigner,
    go: (signer: TransactionSigner) => Promise<Hex>,
    check: (txId: Hex) => Promise<void> = async () => undefined,
  ): Promise<DoneStep> {
    const known = this.state.steps[name]
    if (known?.status === 'done') return known
    const txId =
      (known && (await this.#findAgain(name, known))) ??
      (await this.#retry(name, () => go(this.#noting(name, signer))))
    const done = await this.#readDone(txId, this.#sent(name))
    await check(txId).catch((error: unknown) => Promise.reject(toStop(name, error)))
    await this.#note(name, done)
    this.say(`  ${name.padEnd(20)} ${String(done.energy).padStart(9)} energy  ${txId.slice(2)}`)
    return done
  }

  /** What our client must not send: it has to end with one of `codes`, before anybody is asked to sign. */
  async refuse(name: string, chain: Chain, sender: Party, call: ContractCall, codes: string): Promise<void> {
    const asked: TransactionSigner = {
      address: sender.address,
      signTransaction: async () => {
        throw fail(`${name}: our client would have sent it; it must be refused with ${codes}`)
      },
    }
    await this.check(name, async () => {
      try {
        await chain.send(call, asked)
      } catch (error) {
        if (!(error instanceof AppError) || error instanceof ConformanceStop || isFateUnknown(error))
          throw error
        if (error.code !== codes)
          throw fail(`${name}: “${error.code}” (${error.message}), and not “${codes}”`)
        return error.code
      }
      throw fail(`${name}: was sent; it must be refused with ${codes}`)
    })
  }

  /** Does a check once over all runs; `ask` resolves with the word to note. */
  async check(name: string, ask: () => Promise<string>): Promise<void> {
    if (this.state.checks[name] !== undefined) return
    const word = await this.#eventually(() => this.#retry(name, ask))
    this.state.checks[name] = word
    await this.#store.save(this.state)
    this.say(`  ${name.padEnd(20)} ${word}`)
  }

  /** Keeps the signed transaction before its sender gets it to send it. */
  #noting(name: string, signer: TransactionSigner): TransactionSigner {
    return {
      address: signer.address,
      signTransaction: async (unsigned) => {
        const transaction = (await signer.signTransaction(unsigned)) as SignedTransaction
        await this.#note(name, {
          status: 'sent',
          txId: `0x${transaction.txID}`,
          transaction,
          expiresAtMs: Number(transaction.raw_data.expiration),
          bandwidthBytes: bandwidthOf(transaction.raw_data_hex),
        })
        return transaction
      },
    }
  }

  /** What became of a transaction of an earlier run; null when no block can take it any more. */
  async #findAgain(name: string, sent: SentStep): Promise<Hex | null> {
    this.say(`  ${name.padEnd(20)} an earlier run signed ${sent.txId.slice(2)}: looking it up`)
    if (isMined(await this.#readInfo(sent.txId))) return sent.txId
    const head = await readHead(this.node)
    if (head.timestampMs > sent.expiresAtMs + GRACE_MS) return this.#forget(name)
    try {
      await broadcast(this.node, sent.transaction)
    } catch (error) {
      if (!(error instanceof ChainError) || isFateUnknown(error)) throw toStop(name, error)
      // Another node of the same host may have it all the same: wait until it cannot be taken any more.
    }
    try {
      await waitForReceipt(this.node, sent, this.#abi)
      return sent.txId
    } catch (error) {
      if (error instanceof ChainError && error.code === 'expired') return this.#forget(name)
      return this.#drop(name, error)
    }
  }

  async #forget(name: string): Promise<null> {
    delete this.state.steps[name]
    await this.#store.save(this.state)
    return null
  }

  async #retry<T>(name: string, go: () => Promise<T>): Promise<T> {
    for (let pauseMs = FIRST_PAUSE_MS, left = RETRIES; ; pauseMs *= 2, left--) {
      try {
        return await go()
      } catch (error) {
        const isAway = error instanceof ChainError && error.code === 'unreachable'
        // Once something is signed it is only looked up, never made anew.
        if (!isAway || left === 0 || this.#io.patienceMs === 0 || this.state.steps[name])
          return this.#drop(name, error)
        await sleep(pauseMs)
      }
    }
  }

  /** A transaction that was refused or failed is none; one whose fate nobody knows is kept. */
  async #drop(name: string, error: unknown): Promise<never> {
    if (error instanceof ChainError && !isFateUnknown(error) && this.state.steps[name])
      await this.#forget(name)
    throw toStop(name, error)
  }

  async #readDone(txId: Hex, sent: SentStep): Promise<DoneStep> {
    const info = await this.#readInfo(txId)
    let receipt: TransactionReceipt
    try {
      receipt = readReceipt(info, txId, this.#abi)
    } catch (error) {
      const name = Object.keys(this.state.steps).find((one) => this.state.steps[one] === sent) ?? ''
      return this.#drop(name, error)
    }
    const penalty = readCount(readObject(info.receipt ?? {}, 'receipt').energy_penalty_total, 'penalty')
    return {
      status: 'done',
      txId,
      energy: receipt.energy - penalty,
      penalty,
      bandwidthBytes: sent.bandwidthBytes,
      feeSun: receipt.feeSun.toString(),
    }
  }

  #readInfo(txId: Hex) {
    return this.#eventually(() => this.node.post('/wallet/gettransactioninfobyid', { value: txId.slice(2) }))
  }

  #sent(name: string): SentStep {
    const sent = this.state.steps[name]
    if (sent?.status !== 'sent') throw fail(`${name}: nothing was signed`)
    return sent
  }

  async #note(name: string, record: SentStep | DoneStep): Promise<void> {
    this.state.steps[name] = record
    await this.#store.save(this.state)
  }

  /** Asks again for a while where another node may answer, which has not seen the last block yet. */
  async #eventually<T>(look: () => Promise<T>): Promise<T> {
    const startedAtMs = performance.now()
    for (;;) {
      try {
        return await look()
      } catch (error) {
        const isOver = performance.now() - startedAtMs >= this.#io.patienceMs
        if (isOver || !(error instanceof ChainError || error instanceof ConformanceStop)) throw error
      }
      await sleep(1_500)
    }
  }
}

/** What ends the run: 'unreachable' where the same command may go on, else 'failed'. */
export function toStop(name: string | null, error: unknown): unknown {
  const where = name === null ? '' : `${name}: `
  if (error instanceof ConformanceStop || !(error instanceof AppError)) return error
  if (error.code === 'too-little-trx')
    return new ConformanceStop('not-affordable', `${where}${error.message}`, { cause: error })
  if (isFateUnknown(error) && error.code === 'unreachable')
    return new ConformanceStop('unreachable', `${where}${error.message} Run the same command again.`, {
      cause: error,
    })
  return fail(`${where}${error.code}: ${error.message}`, error)
}

function sleep(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs))
}
