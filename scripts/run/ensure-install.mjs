/** Installs the lockfile's packages when node_modules does not hold them yet. Plain JS: runs before anything is installed. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { installArgs, localNodePath, npmCommand, programPath } from './commands.mjs'

const MIN_NODE_MAJOR = 20

/** Runs `label` as a step with a line that shows it is alive; rejects with the step's last output when it fails. */
export async function runStep(label, command, args, options = {}) {
  const startedAtMs = Date.now()
  const seconds = () => Math.round((Date.now() - startedAtMs) / 1000)
  const isTerminal = process.stdout.isTTY === true
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options })
  let output = ''
  const keep = (chunk) => {
    output = (output + chunk).slice(-20_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const tick = setInterval(() => {
    if (isTerminal) process.stdout.write(`\r  ${label} … ${seconds()} s `)
    else if (seconds() % 20 === 0) process.stdout.write(`  ${label} … ${seconds()} s\n`)
  }, 1000)
  const stop = () => child.kill('SIGTERM')
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    if (code !== 0) throw new Error(`${label} failed (exit ${code}):\n${output}`)
  } finally {
    clearInterval(tick)
    process.off('SIGINT', stop)
    process.off('SIGTERM', stop)
    if (isTerminal) process.stdout.write('\r')
  }
  process.stdout.write(`  ${label} ✓ ${seconds()} s\n`)
}

/** Makes sure that node_modules matches package-lock.json. Throws with words when Node is too old or the install fails. */
export async function ensureInstall(root) {
  const major = Number(process.versions.node.split('.')[0])
  if (major < MIN_NODE_MAJOR) {
    throw new Error(`Piecemeal needs Node ${MIN_NODE_MAJOR} or newer; this is ${process.versions.node}.`)
  }
  const lockHash = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
  const stampPath = join(root, 'node_modules', '.piecemeal-lock')
  if (existsSync(stampPath) && readFileSync(stampPath, 'utf8') === lockHash) return
  const { platform, execPath, env } = process
  const machine = { platform, execPath, env, exists: existsSync }
  const { command, args } = npmCommand(machine)
  // By name, npm on Windows is a script for its shell.
  const shell = command === 'npm' && platform === 'win32'
  await runStep('Installing packages', command, [...args, ...installArgs(machine)], { cwd: root, shell })
  writeFileSync(stampPath, lockHash)
}

/** Path of the Node 22 that npm brought. */
export function localNode(root) {
  const path = localNodePath(root, process.platform)
  return existsSync(path) ? path : process.execPath
}

/**
 * A package's program as what to spawn: the local Node and the program's file.
 * @param {string} root @param {string} packageName @param {string} name
 * @returns {[node: string, file: string]}
 */
export function program(root, packageName, name) {
  const manifest = JSON.parse(readFileSync(join(root, 'node_modules', packageName, 'package.json'), 'utf8'))
  return [localNode(root), programPath(root, packageName, manifest, name, process.platform)]
}
