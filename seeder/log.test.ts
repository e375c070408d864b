import { expect, test } from 'vitest'
import { createJsonLog } from './log.ts'

test('writes names so that a terminal acts on nothing in them, and machines read them as they were', () => {
  const lines: string[] = []
  const name = 'film\u202e4pm\u009b2J\u001b[31m\n\u2028.exe'
  createJsonLog((line) => lines.push(line))({ event: 'seeding', name, length: 5n })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Zl}\p{Bidi_Control}]/u)
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ name, length: '5' })
})
