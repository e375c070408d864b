/** ffmpeg from PATH, with frames fed to its standard input. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Found on PATH; not a package. */
const FFMPEG = 'ffmpeg'

/** Runs ffmpeg to its end. Throws Error with what it printed when it fails or is not installed. */
export async function runFfmpeg(args: readonly string[], frames?: AsyncIterable<Uint8Array>): Promise<void> {
  const child = spawn(FFMPEG, ['-hide_banner', '-loglevel', 'error', '-y', ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  let printed = ''
  child.stderr.on('data', (chunk) => {
    printed += chunk
  })
  // A broken pipe is ffmpeg's end: its exit code and words below say why.
  child.stdin.on('error', () => child.stdin.destroy())
  const ended = once(child, 'close')
  for await (const frame of frames ?? []) {
    if (child.stdin.destroyed) break
    if (!child.stdin.write(frame)) await Promise.race([once(child.stdin, 'drain'), ended])
  }
  child.stdin.end()
  const [code] = await ended
  if (code !== 0) throw new Error(`ffmpeg failed (${code}): ${printed.trim()}`)
}
