/** Test only: the seeder as a child process, its log as events. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../main.ts', import.meta.url))

type LogLine = Readonly<Record<string, unknown>> & { readonly event: string }

export interface ProgramRun {
  readonly child: ChildProcess
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>
  output(): string
  errors(): string
  events(): readonly LogLine[]
  /** The first log line of that name, waited for. Rejects when the program ends without it. */
  event(name: string, matches?: (line: LogLine) => boolean): Promise<LogLine>
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A folder of its own, and what removes it. */
export async function makeTorrentFolder(): Promise<{
  readonly folder: string
  readonly removeFolder: () => Promise<void>
}> {
  const folder = await mkdtemp(join(tmpdir(), 'piecemeal-seeder-program-'))
  return { folder, removeFolder: () => rm(folder, { recursive: true, force: true }) }
}

/** Runs `main.ts`, or the command given, with nothing in its environment but PATH and `env`. */
export function runSeeder(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  command: readonly [string, ...string[]] = [
    process.execPath,
    '--disable-warning=ExperimentalWarning',
    PROGRAM,
  ],
): ProgramRun {
  const [file, ...before] = command
  const child = spawn(file, [...before, ...args], {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'test', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  let output = ''
  let errors = ''
  let seenBytes = 0
  const lines: LogLine[] = []
  const watchers = new Set<() => void>()
  const notify = (): void => {
    for (const watch of [...watchers]) watch()
  }
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString()
    for (let end = output.indexOf('\n', seenBytes); end >= 0; end = output.indexOf('\n', seenBytes)) {
      const line = output.slice(seenBytes, end)
      seenBytes = end + 1
      if (line.startsWith('{"at"')) lines.push(JSON.parse(line) as LogLine)
    }
    notify()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  let hasEnded = false
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      hasEnded = true
      running.delete(child)
      resolve(code)
      notify()
    }),
  )
  return {
    child,
    ended,
    output: () => output,
    errors: () => errors,
    events: () => lines,
    event: (name, matches = () => true) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = lines.find((line) => line.event === name && matches(line))
          if (!found && !hasEnded) return
          watchers.delete(look)
          if (found) resolve(found)
          else reject(new Error(`ended without "${name}": ${errors}${output}`))
        }
        watchers.add(look)
        look()
      }),
  }
}
