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
      relaysOpen: false,
    })
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
  ])('refuses %j', (args, words) => {
    expect(() => parseArguments(args)).toThrow(words)
  })
})
