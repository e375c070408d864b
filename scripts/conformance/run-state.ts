/**
 * What a run has done, on the disk before it is done on the chain, so that a run that was cut off goes on and pays nothing
 * twice. Nothing in it is secret: transactions are signed already, and keys are derived anew from the account's own.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Hex } from '../../lib/base/index.ts'
import type { Address, SignedTransaction } from '../../lib/tron/index.ts'
import { ConformanceStop } from './exit-codes.ts'

export interface SentStep {
  readonly status: 'sent'
  readonly txId: Hex
  /** To hand over again after a crash: the same id is never taken twice. */
  readonly transaction: SignedTransaction
  readonly expiresAtMs: number
  readonly bandwidthBytes: number
}
export interface DoneStep {
  readonly status: 'done'
  readonly txId: Hex
  /** Without `penalty`. */
  readonly energy: number
  /** What TRON's dynamic energy added. */
  readonly penalty: number
  readonly bandwidthBytes: number
  /** Decimal sun. */
  readonly feeSun: string
}
export type StepRecord = SentStep | DoneStep

export interface RunState {
  readonly version: 1
  readonly chainId: number
  readonly account: Address
  /** 16 random bytes: what the run's keys and channels are derived from, beside the account's key. */
  readonly runId: Hex
  /** Chain time at the beginning. */
  readonly startedAtSec: number
  readonly steps: Record<string, StepRecord>
  /** What was refused or read, and the word that came. */
  readonly checks: Record<string, string>
}

/** Where a run is kept; `path` null keeps it in memory alone. */
export interface RunStore {
  readonly path: string | null
  save(state: RunState): Promise<void>
}

export function createRunStore(path: string | null): RunStore {
  return {
    path,
    async save(state) {
      if (path === null) return
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(`${path}.new`, `${JSON.stringify(state, null, 2)}\n`, { flush: true })
        await rename(`${path}.new`, path)
      } catch (cause) {
        throw new ConformanceStop('bad-arguments', `${path} cannot be written`, { cause })
      }
    },
  }
}

/** Null when there is none yet. Throws ConformanceStop when it cannot be read: then nobody can tell what was paid. */
export async function readRunState(path: string | null): Promise<RunState | null> {
  if (path === null) return null
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw new ConformanceStop('bad-arguments', `${path} cannot be read`, { cause })
  }
  try {
    const state = JSON.parse(text) as RunState
    if (state.version === 1 && /^0x[0-9a-f]{32}$/.test(state.runId)) return state
  } catch {
    // Said below.
  }
  throw new ConformanceStop('bad-arguments', `${path} is no run of this program: name another with --state`)
}
