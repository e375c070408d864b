import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { applyPolicies, injectPolicy, readPolicy } from './csp.ts'

const INLINE = 'self.__next_f.push([1,"a < b && \\"é\\""])'
const page = (head: string, body: string) =>
  `<!DOCTYPE html><html lang="en"><head>${head}</head><body>${body}</body></html>`
const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

const made: string[] = []
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true })
})

test('allows exactly the inline scripts of the page', () => {
  const html = page(
    '<script src="/a.js" async=""></script>',
    `<script>${INLINE}</script><script id="_R_">run()</script><script>${INLINE}</script>`,
  )
  const scriptSrc = /script-src ([^;]+);/.exec(readPolicy(injectPolicy(html)) ?? '')?.[1]
  expect(scriptSrc?.split(' ')).toEqual(["'self'", sha256(INLINE), sha256('run()')])
})

test('hashes a script with line breaks over its whole text', () => {
  const text = '\n  go()\n'
  expect(injectPolicy(page('', `<script type="module">${text}</script>`))).toContain(sha256(text))
})

test('allows no eval and no inline script by word', () => {
  const policy = readPolicy(injectPolicy(page('', '')))
  expect(policy).toMatch(/^default-src 'none'; script-src 'self';/)
  expect(policy).not.toContain('eval')
  expect(/script-src[^;]*/.exec(policy ?? '')?.[0]).not.toContain('unsafe-inline')
})

test('stands before all that loads, yet after the charset', () => {
  const loads = '<link rel="stylesheet" href="/a.css"/>'
  expect(injectPolicy(page(loads, ''))).toMatch(/<head><meta http-equiv="Content-Security-Policy"/)
  expect(injectPolicy(page(`<meta charSet="utf-8"/>${loads}`, ''))).toMatch(
    /<head><meta charSet="utf-8"\/><meta http-equiv="Content-Security-Policy"[^>]*\/><link/,
  )
})

test('changes nothing when it runs again', () => {
  const once = injectPolicy(page('<meta charSet="utf-8"/>', `<script>${INLINE}</script>`))
  expect(injectPolicy(once)).toBe(once)
})

test('refuses a page without a head and a folder without a page', () => {
  expect(() => injectPolicy('<p>hello</p>')).toThrow(/no head/)
  const folder = mkdtempSync(join(tmpdir(), 'csp-'))
  made.push(folder)
  expect(() => applyPolicies(folder)).toThrow(/no page/)
})

test('gives every page below a folder its own policy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'csp-'))
  made.push(folder)
  mkdirSync(join(folder, 'watch'))
  writeFileSync(join(folder, 'index.html'), page('', '<script>one()</script>'))
  writeFileSync(join(folder, 'watch', 'index.html'), page('', '<script>two()</script>'))
  expect(applyPolicies(folder)).toBe(2)
  const first = readPolicy(readFileSync(join(folder, 'index.html'), 'utf8'))
  const second = readPolicy(readFileSync(join(folder, 'watch', 'index.html'), 'utf8'))
  expect(first).toContain(sha256('one()'))
  expect(second).toContain(sha256('two()'))
  expect(first).not.toContain(sha256('two()'))
})
