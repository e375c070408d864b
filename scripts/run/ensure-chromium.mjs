/** Finds a Chromium for the browser tests, or installs one: the system's, Debian's package as root, else Playwright's own. */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { systemChromiums } from './commands.mjs'
import { program, runStep } from './ensure-install.mjs'

const findSystem = () =>
  [process.env.PIECEMEAL_CHROMIUM, ...systemChromiums(process.platform, process.env)].find(
    (path) => path && existsSync(path),
  ) ?? null

/** Resolves with the path of a Chromium, or null when Playwright's own is to be used. */
export async function ensureChromium(root) {
  const found = findSystem()
  if (found) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    await runStep('Reading the package lists', 'apt-get', ['update', '-qq'], { env })
    await runStep('Installing Chromium', 'apt-get', ['install', '-y', '-qq', 'chromium'], { env })
    const installed = findSystem()
    if (installed) return installed
  }
  const { chromium } = createRequire(join(root, 'package.json'))('playwright')
  if (!existsSync(chromium.executablePath())) {
    const [node, playwright] = program(root, '@playwright/test', 'playwright')
    await runStep('Downloading Chromium', node, [playwright, 'install', 'chromium'], { cwd: root })
  }
  return null
}
