/**
 * What is spawned on which platform; pure, so that a test on one platform holds all of them. Windows has no shebangs, and Node spawns
 * no `.cmd` file without a shell (since 20.12): a package's program is run by its JavaScript file and a Node, npm by its own.
 * Plain JS: some of it runs before anything is installed.
 */
import { posix, win32 } from 'node:path'

/** @typedef {'win32' | 'darwin' | 'linux' | string} Platform */
/** @typedef {{ readonly command: string, readonly args: readonly string[] }} Command */

const pathOf = (platform) => (platform === 'win32' ? win32 : posix)

/**
 * npm by the Node that runs now: as it was started where a script of npm's runs us, else as it lies beside Node, else by name.
 * @param {{ platform: Platform, execPath: string, env: Record<string, string | undefined>, exists: (path: string) => boolean }} machine
 * @returns {Command}
 */
export function npmCommand({ platform, execPath, env, exists }) {
  const path = pathOf(platform)
  const beside =
    platform === 'win32'
      ? path.join(path.dirname(execPath), 'node_modules', 'npm', 'bin', 'npm-cli.js')
      : path.join(path.dirname(execPath), '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js')
  const cli = [env.npm_execpath, beside].find((one) => one && /\.c?js$/.test(one) && exists(one))
  return cli ? { command: execPath, args: [cli] } : { command: 'npm', args: [] }
}

/**
 * Arguments of an install. Not `npm ci`: it refuses a lockfile that lacks the binaries of platforms which its author's registry did not
 * have. `install` takes the same locked versions, and `--no-save` leaves the lockfile as it is. Some packages' install scripts are
 * written for POSIX shells: on Windows, Git's bash runs them.
 * @param {{ platform: Platform, env: Record<string, string | undefined>, exists: (path: string) => boolean }} machine
 * @returns {readonly string[]}
 */
export function installArgs({ platform, env, exists }) {
  const args = ['install', '--no-save', '--no-fund', '--no-audit']
  if (platform !== 'win32') return args
  const bash = [env.ProgramFiles, env.LOCALAPPDATA && win32.join(env.LOCALAPPDATA, 'Programs')]
    .filter((folder) => folder !== undefined)
    .map((folder) => win32.join(folder, 'Git', 'bin', 'bash.exe'))
    .find(exists)
  return bash ? [...args, `--script-shell=${bash}`] : args
}

/** Where the Node that npm brought lies. @param {string} root @param {Platform} platform */
export function localNodePath(root, platform) {
  return pathOf(platform).join(
    root,
    'node_modules',
    'node',
    'bin',
    platform === 'win32' ? 'node.exe' : 'node',
  )
}

/**
 * The JavaScript file of a package's program, by the package's own `bin`.
 * @param {string} root
 * @param {string} packageName
 * @param {{ bin?: string | Record<string, string> }} manifest
 * @param {string} program
 * @param {Platform} platform
 */
export function programPath(root, packageName, manifest, program, platform) {
  const { bin } = manifest
  const file = typeof bin === 'string' ? bin : bin?.[program]
  if (!file) throw new Error(`${packageName} has no program “${program}”`)
  return pathOf(platform).join(root, 'node_modules', ...packageName.split('/'), file)
}

/**
 * The environment with `folder` first among the places of programs. Windows spells the variable as it likes.
 * @template {Record<string, string | undefined>} Env
 * @param {Env} env @param {string} folder @param {Platform} platform
 * @returns {Env}
 */
export function withPath(env, folder, platform) {
  const key = Object.keys(env).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH'
  const separator = platform === 'win32' ? ';' : ':'
  return { ...env, [key]: env[key] ? `${folder}${separator}${env[key]}` : folder }
}

/** Where a Chromium or Chrome of the system lies. @param {Platform} platform @param {Record<string, string | undefined>} env */
export function systemChromiums(platform, env) {
  if (platform === 'darwin')
    return ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
  if (platform === 'win32')
    return [env.ProgramFiles, env['ProgramFiles(x86)'], env.LOCALAPPDATA]
      .filter((folder) => folder !== undefined)
      .map((folder) => win32.join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'))
  return ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].map(
    (name) => `/usr/bin/${name}`,
  )
}
