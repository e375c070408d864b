import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BLOCK_BYTES } from '../../units/index.ts'
import { UnpaidBytes } from './unpaid-bytes.ts'

test('a block paid for before its second copy went out is not owed again', () => {
  const bytes = new UnpaidBytes()
  expect(bytes.mayPay(BLOCK_BYTES, 4 * BLOCK_BYTES)).toBe(true)
  bytes.onPaid(BLOCK_BYTES)
  bytes.onSent(BLOCK_BYTES)
  expect(bytes.unpaid).toBe(0)
  bytes.onSent(BLOCK_BYTES)
  expect(bytes.unpaid).toBe(BLOCK_BYTES)
})

test('a payment for more than a window ahead makes no sense', () => {
  const bytes = new UnpaidBytes()
  expect(bytes.mayPay(5 * BLOCK_BYTES, 4 * BLOCK_BYTES)).toBe(false)
  bytes.onPaid(4 * BLOCK_BYTES)
  expect(bytes.mayPay(1, 4 * BLOCK_BYTES)).toBe(false)
})

test('what is forgiven and then paid is owed no more, and never less than nothing', () => {
  const bytes = new UnpaidBytes()
  bytes.onSent(3 * BLOCK_BYTES)
  bytes.forgive(2 * BLOCK_BYTES)
  expect(bytes.unpaid).toBe(BLOCK_BYTES)
  bytes.forgive(2 * BLOCK_BYTES)
  expect(bytes.unpaid).toBe(BLOCK_BYTES)
  bytes.onPaid(3 * BLOCK_BYTES)
  expect(bytes.unpaid).toBe(0)
})

test('in any order, what is owed is what was sent less what was paid or forgiven', () => {
  const step = fc.record({
    kind: fc.constantFrom('sent', 'paid', 'forgiven'),
    blocks: fc.integer({ min: 1, max: 8 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const bytes = new UnpaidBytes()
      for (const { kind, blocks } of steps) {
        const before = bytes.unpaid
        if (kind === 'sent') bytes.onSent(blocks * BLOCK_BYTES)
        else if (kind === 'forgiven') bytes.forgive(blocks * BLOCK_BYTES)
        else if (bytes.mayPay(blocks * BLOCK_BYTES, 4 * BLOCK_BYTES)) bytes.onPaid(blocks * BLOCK_BYTES)
        expect(bytes.unpaid).toBeGreaterThanOrEqual(0)
        if (kind !== 'sent') expect(bytes.unpaid).toBeLessThanOrEqual(before)
      }
    }),
  )
})
