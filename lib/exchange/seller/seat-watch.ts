/** Looks again at the seats that are served on credit, each once for all of its wires, all at the same time. */
import type { Clock, Hex } from '../../base/index.ts'
import type { Payee, SeatVerdict } from '../../payments/index.ts'
import type { SeatAccount } from './seat-account.ts'
import { reduceSeatCredit } from './seat-credit-state.ts'

/** DESIGN 4.3: the chain is asked again this often while we serve on credit. */
const RECHECK_MS = 60_000

export interface SeatWatcher {
  /** The seat's credit has just changed by what the chain said. */
  onCredit(account: SeatAccount, verdict: SeatVerdict): void
  /** The ledger failed. */
  onError(error: unknown): void
}

export interface SeatWatch {
  /** Until the result is called. */
  watch(payee: Payee, account: SeatAccount, watcher: SeatWatcher): () => void
}

interface Watched {
  readonly payee: Payee
  readonly account: SeatAccount
  readonly watchers: Set<SeatWatcher>
}

export function createSeatWatch(clock: Clock): SeatWatch {
  const watched = new Map<Hex, Watched>()
  let cancel: (() => void) | null = null

  async function recheck({ payee, account, watchers }: Watched): Promise<void> {
    const before = account.credit.status
    if (before !== 'open' && before !== 'doubtful') return
    try {
      const verdict = await payee.recheckSeat(account.channelId)
      account.credit = reduceSeatCredit(account.credit, toEvent(verdict, clock.nowMs()))
      if (account.credit.status === before) return
      for (const watcher of [...watchers]) watcher.onCredit(account, verdict)
    } catch (error) {
      for (const watcher of [...watchers]) watcher.onError(error)
    }
  }

  function schedule(): void {
    cancel ??= clock.schedule(RECHECK_MS, () => {
      Promise.all([...watched.values()].map(recheck)).finally(() => {
        cancel = null
        if (watched.size > 0) schedule()
      })
    })
  }

  return {
    watch(payee, account, watcher) {
      const { channelId } = account
      const one = watched.get(channelId) ?? { payee, account, watchers: new Set() }
      watched.set(channelId, one)
      one.watchers.add(watcher)
      schedule()
      return () => {
        one.watchers.delete(watcher)
        if (one.watchers.size > 0 || watched.get(channelId) !== one) return
        watched.delete(channelId)
        if (watched.size > 0) return
        cancel?.()
        cancel = null
      }
    },
  }
}

function toEvent(verdict: SeatVerdict, atMs: number): Parameters<typeof reduceSeatCredit>[1] {
  if (verdict.status === 'accepted') return { kind: 'openSeen', atMs }
  if (verdict.status === 'pending' || verdict.code === 'chain-unreachable')
    return { kind: 'nothingSeen', atMs }
  // One that the chain does not know any more may be taken into another block; one that closes never opens again.
  return { kind: verdict.code === 'not-open' ? 'goneSeen' : 'closeSeen' }
}
