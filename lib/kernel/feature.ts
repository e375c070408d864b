/**
 * A feature: what one part of the page can do, apart from all others. It names what it needs and gets no more; nothing but its own
 * page sees it.
 */
import type { Store } from '../base/index.ts'
import type { Capabilities } from './capabilities.ts'

export interface RunningFeature<Snapshot, Commands> {
  readonly store: Store<Snapshot>
  readonly commands: Commands
  /** Ends timers and subscriptions; what is on the disk stays. */
  stop(): void | Promise<void>
}

export interface Feature<Name extends string, Snapshot, Commands, Need extends keyof Capabilities> {
  readonly name: Name
  readonly needs: readonly Need[]
  /** What is shown before it starts. */
  readonly initial: Snapshot
  start(capabilities: Pick<Capabilities, Need>): RunningFeature<Snapshot, Commands>
}

// biome-ignore lint/suspicious/noExplicitAny: a list of features is of any snapshots and commands
export type AnyFeature = Feature<string, any, any, any>

/** The running features by their names. */
export type Running<Features extends readonly AnyFeature[]> = {
  readonly [F in Features[number] as F['name']]: ReturnType<F['start']>
}

export interface StartedFeatures<Features extends readonly AnyFeature[]> {
  readonly running: Running<Features>
  /** The last that started stops first. */
  stop(): Promise<void>
}

/**
 * Starts features in their order, each with what it needs and nothing else. When one throws, those before it are stopped and its
 * error is thrown on. Throws RangeError when two have one name.
 */
export function startFeatures<const Features extends readonly AnyFeature[]>(
  capabilities: Capabilities,
  features: Features,
): StartedFeatures<Features> {
  const names = features.map(({ name }) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice !== undefined) throw new RangeError(`two features are called “${twice}”`)
  const started: { readonly name: string; readonly feature: RunningFeature<unknown, unknown> }[] = []
  /** Each is stopped, whatever the others throw; the first failure comes out when all are. */
  async function stop(): Promise<void> {
    const failures: unknown[] = []
    for (const { feature } of started.toReversed()) {
      try {
        await feature.stop()
      } catch (error) {
        failures.push(error)
      }
    }
    if (failures.length > 0) throw failures[0]
  }
  try {
    for (const { name, needs, start } of features) {
      const given = Object.fromEntries(needs.map((need: keyof Capabilities) => [need, capabilities[need]]))
      started.push({ name, feature: start(given) })
    }
  } catch (error) {
    // Why it could not start is what is told.
    stop().catch(() => undefined)
    throw error
  }
  const running = Object.fromEntries(started.map(({ name, feature }) => [name, feature]))
  return { running: running as Running<Features>, stop }
}
