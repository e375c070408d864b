import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UnpaidBytes } from './unpaid-bytes.ts'

const BLOCK = 16_384

test('a block paid for before its second copy went out is not owed again', () => {
  const bytes = new UnpaidBytes()
  expect(bytes.mayPay(BLOCK, 4 * BLOCK)).toBe(true)
  bytes.onPaid(BLOCK)
  bytes.onSent(BLOCK)
  expect(bytes.unpaid).toBe(0)
  bytes.onSent(BLOCK)
  expect(bytes.unpaid).toBe(BLOCK)
})

test('a payment for more than a window ahead makes no sense', () => {
  const bytes = new UnpaidBytes()
  expect(bytes.mayPay(5 * BLOCK, 4 * BLOCK)).toBe(false)
  bytes.onPaid(4 * BLOCK)
  expect(bytes.mayPay(1, 4 * BLOCK)).toBe(false)
})

test('what is forgiven and then paid is owed no more, and never less than nothing', () => {
  const bytes = new UnpaidBytes()
  bytes.onSent(3 * BLOCK)
  bytes.forgive(2 * BLOCK)
  expect(bytes.unpaid).toBe(BLOCK)
  bytes.forgive(2 * BLOCK)
  expect(bytes.unpaid).toBe(BLOCK)
  bytes.onPaid(3 * BLOCK)
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
        if (kind === 'sent') bytes.onSent(blocks * BLOCK)
        else if (kind === 'forgiven') bytes.forgive(blocks * BLOCK)
        else if (bytes.mayPay(blocks * BLOCK, 4 * BLOCK)) bytes.onPaid(blocks * BLOCK)
        expect(bytes.unpaid).toBeGreaterThanOrEqual(0)
        if (kind !== 'sent') expect(bytes.unpaid).toBeLessThanOrEqual(before)
      }
    }),
  )
})
