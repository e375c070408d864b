/** Gzipped budgets of what each page loads before a click (DESIGN 8), read off the built HTML. `npm run size`. */
import { existsSync, readFileSync } from 'node:fs'

function scriptsOf(page) {
  const html = `out/${page}`
  if (!existsSync(html)) throw new Error(`${html} is missing: npm run build`)
  const text = readFileSync(html, 'utf8')
  const paths = [...text.matchAll(/<script[^>]*\ssrc="(\/_next\/static\/[^"]+\.js)"[^>]*>/g)]
    .filter(([tag]) => !tag.includes('noModule') && !tag.includes('nomodule'))
    .map(([, src]) => `out${src}`)
  if (paths.length === 0) throw new Error(`${html} names no script`)
  return [...new Set(paths)]
}

export default [
  { name: 'landing', path: scriptsOf('index.html'), gzip: true, limit: '152 KB' },
  { name: 'watch', path: scriptsOf('watch/index.html'), gzip: true, limit: '207 KB' },
  { name: 'wallet page', path: scriptsOf('wallet/index.html'), gzip: true, limit: '180 KB' },
]
