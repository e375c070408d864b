/**
 * Pictures of the three pages, phone and desktop, light and dark.
 * `node scripts/screenshots.ts --base http://127.0.0.1:3000 --out .cache/screenshots [--watch <info-hash>]`
 */
import { mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Browser, chromium } from 'playwright'
import { ensureChromium } from './run/ensure-chromium.mjs'

const SIZES = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1 },
} as const
const SCHEMES = ['light', 'dark'] as const

interface View {
  readonly name: string
  readonly path: string
}

async function takeViews(
  browser: Browser,
  baseUrl: string,
  folder: string,
  views: readonly View[],
): Promise<number> {
  let taken = 0
  for (const [sizeName, size] of Object.entries(SIZES)) {
    for (const colorScheme of SCHEMES) {
      const context = await browser.newContext({ ...size, colorScheme, reducedMotion: 'reduce' })
      const page = await context.newPage()
      for (const view of views) {
        const response = await page.goto(baseUrl + view.path)
        // A change of the fragment alone loads nothing and answers null.
        if (response && !response.ok()) throw new Error(`${view.path} answered ${response.status()}`)
        await page.locator('main').first().waitFor()
        await page.evaluate(() => document.fonts.ready)
        const path = join(folder, `${view.name}-${sizeName}-${colorScheme}.png`)
        await page.screenshot({ path, fullPage: sizeName === 'phone', animations: 'disabled' })
        process.stdout.write(`${path}\n`)
        taken += 1
      }
      await context.close()
    }
  }
  return taken
}

const { values } = parseArgs({
  options: {
    base: { type: 'string' },
    out: { type: 'string', default: '.cache/screenshots' },
    watch: { type: 'string' },
  },
})
if (!values.base || !URL.canParse(values.base)) {
  process.stderr.write('name the running site: --base http://127.0.0.1:3000\n')
  process.exitCode = 1
} else {
  const folder = resolve(values.out)
  mkdirSync(folder, { recursive: true })
  const executablePath = await ensureChromium(fileURLToPath(new URL('..', import.meta.url)))
  const browser = await chromium.launch({
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
    ...(executablePath ? { executablePath } : {}),
  })
  try {
    const watchPath = values.watch ? `/watch/#${values.watch}` : '/watch/'
    const views = [
      { name: 'home', path: '/' },
      { name: 'watch', path: watchPath },
      { name: 'wallet', path: '/wallet/' },
    ]
    const taken = await takeViews(browser, values.base.replace(/\/+$/, ''), folder, views)
    process.stdout.write(`${taken} pictures\n`)
  } finally {
    await browser.close()
  }
}
