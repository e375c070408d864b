/** The ledger's receipts as the page reads them; the snapshot is a number that grows as they do. */
import { createStore } from '../../base/index.ts'
import type { Capabilities, Feature, RunningFeature } from '../../kernel/index.ts'
import type { ReceiptsCommands } from './snapshot.ts'

export function startReceipts({
  ledger,
  report,
}: Pick<Capabilities, 'ledger' | 'report'>): RunningFeature<number, ReceiptsCommands> {
  const version = createStore(0)
  let isStopped = false
  let unwatch = (): void => undefined
  ledger().then((store) => {
    if (!isStopped) unwatch = store.onReceipts(() => version.set(version.get() + 1))
  }, report)
  return {
    store: version,
    stop() {
      isStopped = true
      unwatch()
    },
    commands: {
      listReceipts: async (query) => (await ledger()).listReceipts(query),
      async *eachReceipt() {
        yield* (await ledger()).eachReceipt()
      },
    },
  }
}

export const receiptsFeature: Feature<'receipts', number, ReceiptsCommands, 'ledger' | 'report'> = {
  name: 'receipts',
  needs: ['ledger', 'report'],
  initial: 0,
  start: startReceipts,
}
