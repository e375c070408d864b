import { expect, test } from 'vitest'
import { AppError, ChainError, TorrentError, WalletError } from '../base/index.ts'
import { describeCode, describeError } from './describe-error.ts'
import { WORDS } from './error-words.ts'

test('gives every code a sentence on what happened, on the money, and on what to do', () => {
  for (const [code, words] of Object.entries(WORDS)) {
    for (const sentence of [words.title, words.money, words.action]) {
      expect(sentence, code).toMatch(/^[A-Z“].*[.]$/u)
    }
  }
})

test('uses the words of the code before those of the family', () => {
  expect(describeError(new WalletError('rejected', 'x')).title).toBe(describeCode('rejected').title)
  expect(describeError(new TorrentError('no-such-code', 'Piece 7 is odd.')).title).toContain(
    'Piece 7 is odd.',
  )
})

test('tells about the fee when the chain refused', () => {
  expect(describeError(new ChainError('SwarmChannels_BadSeat', 'The seat is bad.')).money).toMatch(/fee/)
})

test('stays calm about what nobody foresaw', () => {
  expect(describeError(new RangeError('boom'))).toMatchObject({ code: 'unexpected' })
  expect(describeError('a string')).toMatchObject({ code: 'unexpected' })
  expect(describeError(new AppError('no-such-code', 'Odd.')).code).toBe('no-such-code')
})

test('refuses a state without words, so that none is shipped', () => {
  expect(() => describeCode('no-such-code')).toThrow(RangeError)
})
