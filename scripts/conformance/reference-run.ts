/** The same life on a devnet in this process, to lay beside a node's. The operator's key has no part in it. */
import { startDevnet } from '../../devnet/index.ts'
import type { Figures } from './figures.ts'
import { createRunState, type FullRunReport, runFully } from './full-run.ts'
import { inspectNode } from './inspect-node.ts'
import { createRunStore, type RunState } from './run-state.ts'

export interface ReferenceRun extends FullRunReport {
  readonly state: RunState
}

export async function runReference(figures: Figures, say: (line: string) => void): Promise<ReferenceRun> {
  const devnet = await startDevnet({ chainLabel: 'conformance reference' })
  try {
    const about = await inspectNode(devnet.url)
    const accountKey = devnet.accounts.alice.privateKey
    const state = createRunState(about, accountKey)
    const report = await runFully({
      ...{ about, accountKey, state, figures },
      store: createRunStore(null),
      io: { say, patienceMs: 0 },
      waitUntil: async (chainTimeSec) =>
        devnet.advance(Math.max(1, chainTimeSec - Math.floor(devnet.chain.nowMs() / 1000) + 1)),
    })
    return { ...report, state }
  } finally {
    await devnet.stop()
  }
}
