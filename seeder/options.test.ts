import { describe, expect, test } from 'vitest'
import { parseArguments } from './options.ts'

describe('the command line', () => {
  test('reads prices, limits and trackers', () => {
    expect(
      parseArguments([
        'film.torrent',
        '--ask',
        '2.5',
        '--free=0',
        '--free-rate=0',
        '--tracker=ws://127.0.0.1:1',
        '--tracker=wss://example.org',
        '--no-relay',
      ]),
    ).toMatchObject({
      paths: ['film.torrent'],
      askPerMiB: 2_500_000_000_000_000_000n,
      freeAllowanceBytes: 0,
      freeBytesPerSec: 0,
      maxUploadBytesPerSec: null,
      trackers: ['ws://127.0.0.1:1', 'wss://example.org'],
      relay: null,
    })
  })

  test('reads when to redeem, and what is known of rates', () => {
    expect(parseArguments(['a'])).toMatchObject({
      redeemAt: 1_000n * 10n ** 18n,
      redeemFloor: 5_000_000n * 10n ** 18n,
      bttPerTrx: null,
    })
    expect(parseArguments(['a', '--redeem-floor=7', '--btt-per-trx=500000.5'])).toMatchObject({
      redeemFloor: 7n * 10n ** 18n,
      bttPerTrx: 500_000_500_000_000_000_000_000n,
    })
  })

  test('opens channels for payers only where it is told to, within budgets', () => {
    expect(parseArguments(['a'])).toMatchObject({ relay: null })
    expect(parseArguments(['a', '--relay'])).toMatchObject({
      relay: { perPayerSun: 15_000_000n, perDaySun: 50_000_000n, inAllSun: 500_000_000n },
    })
    expect(
      parseArguments(['a', '--relay', '--relay-per-payer=4.5', '--relay-per-day=9', '--relay-in-all=1000']),
    ).toMatchObject({ relay: { perPayerSun: 4_500_000n, perDaySun: 9_000_000n, inAllSun: 1_000_000_000n } })
  })

  test('asks for help', () => {
    expect(parseArguments(['--help'])).toBe('help')
  })

  test.each([
    [[], 'name a file'],
    [['a', '--ask', 'much'], '--ask'],
    [['a', '--free', '-1'], 'free'],
    [['a', '--tracker', 'http://x'], '--tracker'],
    [['a', '--unknown'], 'unknown'],
    [['a', '--relay', '--relay-per-day', 'all'], '--relay-per-day'],
    [['a', '--redeem-floor', 'low'], '--redeem-floor'],
    [['a', '--btt-per-trx', '0'], '--btt-per-trx cannot be 0'],
  ])('refuses %j', (args, words) => {
    expect(() => parseArguments(args)).toThrow(words)
  })
})
