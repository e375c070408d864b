/**
 * The page's transactions: their rows, and who looks them up until their fate is known. Only the tab that leads looks; the chain's code
 * is loaded only while a fate is open.
 */
import { createStore, systemClock } from '../../base/index.ts'
import type { Capabilities, Feature, RunningFeature } from '../../kernel/index.ts'
import { isChainAway } from '../../tron/index.ts'
import { INITIAL_TRANSACTIONS } from './initial.ts'
import { lookUp } from './look-up.ts'
import type { TransactionsCommands, TransactionsSnapshot } from './snapshot.ts'
import { createWatch } from './watch.ts'

type Need = 'chain' | 'lead' | 'transactions' | 'onWake' | 'report'

export function startTransactions(
  { chain, lead, transactions, onWake, report }: Pick<Capabilities, Need>,
  clock = systemClock,
): RunningFeature<TransactionsSnapshot, TransactionsCommands> {
  const store = createStore<TransactionsSnapshot>(INITIAL_TRANSACTIONS)
  let isLeading = false
  let openIds: readonly string[] = []

  const watch = createWatch(
    clock,
    () => isLeading && transactions.listOpen().length > 0,
    async () => lookUp(await chain(), transactions),
    // A silent node changes nothing: the next look asks again.
    (error) => void (isChainAway(error) || report(error)),
  )

  const unsubscribe = transactions.rows.subscribe(() => {
    const rows = transactions.rows.get()
    if (rows) store.set(Object.freeze({ status: 'read', rows }))
    const ids = transactions.listOpen().map(({ id }) => id)
    const isNew = ids.some((id) => !openIds.includes(id))
    openIds = ids
    if (isNew) watch.wake()
  })

  const fail = (error: unknown): void => {
    store.set({ status: 'failed' })
    report(error)
  }
  /** Another tab may have sent meanwhile; the one that leads reads its own. */
  const readAgain = (): void => void (isLeading ? watch.look() : transactions.load().catch(fail))
  const unwatch = onWake(readAgain)
  readAgain()
  lead.granted.then(
    () => {
      isLeading = true
      return transactions.takeOver().then(watch.wake, fail)
    },
    () => undefined,
  )

  return {
    store,
    stop() {
      watch.stop()
      unwatch()
      unsubscribe()
    },
    commands: {},
  }
}

export const transactionsFeature: Feature<'transactions', TransactionsSnapshot, TransactionsCommands, Need> =
  {
    name: 'transactions',
    needs: ['chain', 'lead', 'transactions', 'onWake', 'report'],
    initial: INITIAL_TRANSACTIONS,
    start: (capabilities) => startTransactions(capabilities),
  }
