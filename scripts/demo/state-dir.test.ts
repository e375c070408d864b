import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeStateDir } from './state-dir.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'piecemeal-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('keeps out a second process while the first one lives', () => {
  writeFileSync(join(folder, 'pid'), String(process.ppid))
  expect(takeStateDir(folder).path).toBeNull()
})

test('takes over what a crash left behind', () => {
  writeFileSync(join(folder, 'pid'), '999999999')
  expect(takeStateDir(folder).path).toBe(folder)
})

test('can be taken again after its release', () => {
  takeStateDir(folder).release()
  expect(takeStateDir(folder).path).toBe(folder)
})
