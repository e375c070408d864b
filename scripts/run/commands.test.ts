import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  installArgs,
  localNodePath,
  npmCommand,
  programPath,
  systemChromiums,
  withPath,
} from './commands.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')
const NODE = {
  linux: '/usr/bin/node',
  darwin: '/opt/homebrew/bin/node',
  win32: 'C:\\Program Files\\nodejs\\node.exe',
}
const nowhere = () => false
const everywhere = () => true

describe('npm', () => {
  it.each(['linux', 'darwin', 'win32'] as const)(
    'is run by the present Node, never by a .cmd file: %s',
    (platform) => {
      const execPath = NODE[platform]
      const cli = platform === 'win32' ? 'C:\\npm\\bin\\npm-cli.js' : '/npm/bin/npm-cli.js'
      const machine = { platform, execPath, env: { npm_execpath: cli }, exists: everywhere }
      expect(npmCommand(machine)).toEqual({ command: execPath, args: [cli] })
      const { command, args } = npmCommand({ ...machine, env: {} })
      expect(command).toBe(execPath)
      expect(args[0]).toMatch(/npm-cli\.js$/)
    },
  )

  it('beside Node is found where each platform puts it', () => {
    const find = (platform: keyof typeof NODE) =>
      npmCommand({ platform, execPath: NODE[platform], env: {}, exists: everywhere }).args[0]
    expect(find('linux')).toBe('/usr/lib/node_modules/npm/bin/npm-cli.js')
    expect(find('darwin')).toBe('/opt/homebrew/lib/node_modules/npm/bin/npm-cli.js')
    expect(find('win32')).toBe('C:\\Program Files\\nodejs\\node_modules\\npm\\bin\\npm-cli.js')
  })

  it('is asked for by name where nothing else is known, or another program runs us', () => {
    const machine = { platform: 'linux', execPath: NODE.linux, exists: nowhere }
    expect(npmCommand({ ...machine, env: {} })).toEqual({ command: 'npm', args: [] })
    expect(npmCommand({ ...machine, env: { npm_execpath: '/usr/bin/pnpm' } }).command).toBe('npm')
  })

  it('installs the locked versions; on Windows by the shell that Git brings', () => {
    const plain = installArgs({ platform: 'linux', env: {}, exists: everywhere })
    expect(plain).toEqual(['install', '--no-save', '--no-fund', '--no-audit'])
    const env = { ProgramFiles: 'C:\\Program Files' }
    expect(installArgs({ platform: 'win32', env, exists: everywhere })).toContain(
      '--script-shell=C:\\Program Files\\Git\\bin\\bash.exe',
    )
    expect(installArgs({ platform: 'win32', env, exists: nowhere })).toEqual(plain)
  })
})

describe('a package’s program', () => {
  const manifestOf = (name: string) =>
    JSON.parse(readFileSync(`${root}/node_modules/${name}/package.json`, 'utf8'))

  it.each([
    ['@biomejs/biome', 'biome'],
    ['typescript', 'tsc'],
    ['knip', 'knip'],
    ['vitest', 'vitest'],
    ['@playwright/test', 'playwright'],
    ['size-limit', 'size-limit'],
    ['@foundry-rs/forge', 'forge'],
    ['next', 'next'],
  ])('is a file that Node can run: %s', (name, program) => {
    const path = programPath(root, name, manifestOf(name), program, 'linux')
    expect(existsSync(path)).toBe(true)
    expect(path).not.toMatch(/\.(cmd|ps1|exe)$/)
    expect(programPath('C:\\p', name, manifestOf(name), program, 'win32')).toMatch(
      /^C:\\p\\node_modules\\[^/]+$/,
    )
  })

  it('that is not there is named', () => {
    expect(() => programPath(root, 'knip', { bin: {} }, 'knip', 'linux')).toThrow('knip')
  })
})

it('the Node that npm brought is a real program on each platform', () => {
  expect(existsSync(localNodePath(root, 'linux'))).toBe(true)
  expect(localNodePath('C:\\p', 'win32')).toBe('C:\\p\\node_modules\\node\\bin\\node.exe')
})

it('a folder goes before all others, however the platform spells and parts them', () => {
  expect(withPath({ PATH: '/bin' }, '/x', 'linux')).toEqual({ PATH: '/x:/bin' })
  expect(withPath({ Path: 'C:\\w' }, 'C:\\x', 'win32')).toEqual({ Path: 'C:\\x;C:\\w' })
  expect(withPath({}, '/x', 'darwin')).toEqual({ PATH: '/x' })
})

it('a browser of the system is looked for where the platform keeps it', () => {
  expect(systemChromiums('linux', {})).toContain('/usr/bin/chromium')
  expect(systemChromiums('darwin', {})[1]).toBe(
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  )
  expect(systemChromiums('win32', { ProgramFiles: 'C:\\Program Files' })).toEqual([
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  ])
})
