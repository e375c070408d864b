/** A program under chaos: its events (JSON lines on stdout), and its death. */
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type ChildEvent = Readonly<Record<string, unknown>> & { readonly event: string }

export interface Child {
  readonly events: readonly ChildEvent[]
  /** False once it is gone, by whatever cause. */
  isAlive(): boolean
  /** Resolves at the `count`-th event, or when the program is gone. */
  whenEvents(count: number): Promise<void>
  /** The first event of that name from the `from`-th on; null when the program is gone before. */
  whenEvent(name: string, from?: number): Promise<ChildEvent | null>
  readonly whenGone: Promise<void>
  write(line: string): void
  /** SIGKILL. Resolves when it is gone. */
  kill(): Promise<void>
}

/** Starts `scripts/chaos/<name>.ts` with one JSON argument. */
export function spawnChild(name: 'payer' | 'seeder', args: object): Child {
  const program = fileURLToPath(new URL(`./${name}.ts`, import.meta.url))
  const options = ['--disable-warning=ExperimentalWarning', program, JSON.stringify(args)]
  const child = spawn(process.execPath, options, { stdio: ['pipe', 'pipe', 'inherit'] })
  const events: ChildEvent[] = []
  const listeners = new Set<() => void>()
  let isGone = false
  const announce = (): void => {
    for (const listener of [...listeners]) listener()
  }
  createInterface(child.stdout).on('line', (line) => {
    events.push(JSON.parse(line) as ChildEvent)
    announce()
  })
  // A line to a program that just died is lost, as it is meant to be.
  child.stdin.on('error', () => undefined)
  const whenGone = new Promise<void>((resolve) => {
    child.once('close', () => {
      isGone = true
      announce()
      resolve()
    })
  })
  const when = (isTrue: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!isGone && !isTrue()) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
    })
  return {
    events,
    isAlive: () => !isGone,
    whenEvents: (count) => when(() => events.length >= count),
    async whenEvent(name, from = 0) {
      const find = () => events.slice(from).find(({ event }) => event === name)
      await when(() => find() !== undefined)
      return find() ?? null
    },
    whenGone,
    write: (line) => void child.stdin.write(`${line}\n`),
    async kill() {
      child.kill('SIGKILL')
      await whenGone
    },
  }
}
