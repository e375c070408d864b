import { expect, test } from 'vitest'
import { parseMessageSignature } from './message-signature.ts'

const RS = 'ab'.repeat(64)

test.each([
  [`0x${RS}1b`, `0x${RS}1b`],
  [`0x${RS.toUpperCase()}1C`, `0x${RS}1c`],
  [`${RS}1b`, `0x${RS}1b`],
  [`0x${RS}00`, `0x${RS}1b`],
  [`0x${RS}01`, `0x${RS}1c`],
])('reads %s', (answer, signature) => {
  expect(parseMessageSignature(answer)).toBe(signature)
})

test.each([
  undefined,
  null,
  7,
  '',
  `0x${RS}`,
  `0x${RS}1d`,
  `0x${RS}02`,
  `0x${RS}1b00`,
  `zz${RS}1b`,
  { signature: `0x${RS}1b` },
])('refuses %j', (answer) => {
  expect(() => parseMessageSignature(answer)).toThrow(
    expect.objectContaining({ name: 'WalletError', code: 'bad-message-signature' }),
  )
})
