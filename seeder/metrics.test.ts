import { describe, expect, test } from 'vitest'
import { type Address, addressFromBytes } from '../lib/tron/index.ts'
import { toAmount, toFeeSun } from '../lib/units/index.ts'
import { formatMetrics } from './metrics.ts'
import type { SeederStatus } from './start-seeder.ts'

const PAYEE: Address = addressFromBytes(new Uint8Array(20).fill(7))

const STATUS: SeederStatus = {
  payee: PAYEE,
  askPerMiB: toAmount(1n),
  torrents: [],
  peers: 3,
  wires: 3,
  uploadedBytes: 5,
  uploadBytesPerSec: 0,
  sentFreeBytes: 1_000,
  sentPaidBytes: 2 ** 40,
  creditBytes: 262_144,
  vouchersAccepted: 12,
  vouchersRefused: { stale: 2, 'over-cap': 1 },
  earned: toAmount(1_234_567_890_123_456_789n),
  redeemable: toAmount(1n),
  redeemed: toAmount(10n ** 18n),
  redeemFeeSun: toFeeSun(2_300_000n),
  redeemFailures: { 'moved-nothing': 3, unreachable: 1 },
  redeemAlarm: 'moved-nothing',
  relayFrom: null,
  relayFeeSun: toFeeSun(3_830_000n),
  paidOnChain: toAmount(10n ** 18n),
  payers: 2,
  chain: { status: 'down', message: 'gone' },
}

interface Family {
  help?: string
  type?: string
  readonly samples: Map<string, string>
}

/** A strict reader of the text exposition format 0.0.4, written from its description. */
function parseExposition(text: string): Map<string, Family> {
  expect(text.endsWith('\n')).toBe(true)
  const families = new Map<string, Family>()
  let current = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const comment = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line)
    if (comment) {
      const [, kind, name = '', words] = comment
      const family: Family = families.get(name) ?? { samples: new Map() }
      if (kind === 'HELP') expect(family.help).toBeUndefined()
      else expect(words).toMatch(/^(counter|gauge|histogram|summary|untyped)$/)
      families.set(name, { ...family, [kind === 'HELP' ? 'help' : 'type']: words })
      current = name
      continue
    }
    const sample =
      /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\S+)$/.exec(
        line,
      )
    if (!sample) throw new Error(`not a line of the format: ${line}`)
    const [, name = '', labels = '', value = ''] = sample
    expect(name, 'samples of one family stand together').toBe(current)
    expect(Number.isFinite(Number(value)), value).toBe(true)
    const { samples } = families.get(name) ?? { samples: new Map<string, string>() }
    expect(samples.has(labels), 'each series once').toBe(false)
    samples.set(labels, value)
  }
  return families
}

describe('the metrics', () => {
  const families = parseExposition(formatMetrics(STATUS))
  const read = (name: string, labels = ''): string | undefined =>
    families.get(`piecemeal_${name}`)?.samples.get(labels)

  test('have a HELP and a TYPE each, and counters end in _total', () => {
    expect(families.size).toBeGreaterThan(10)
    for (const [name, { help, type }] of families) {
      expect(help, name).toMatch(/\.$/)
      expect(name.endsWith('_total'), name).toBe(type === 'counter')
    }
  })

  test('tell bytes by class, vouchers by code, and money to the last digit', () => {
    expect(read('sent_bytes_total', '{class="paid"}')).toBe('1099511627776')
    expect(read('sent_bytes_total', '{class="free"}')).toBe('1000')
    expect(read('vouchers_accepted_total')).toBe('12')
    expect(read('vouchers_refused_total', '{code="over-cap"}')).toBe('1')
    expect(read('earned_btt_total')).toBe('1.234567890123456789')
    expect(read('redeemable_btt')).toBe('0.000000000000000001')
    expect(read('redeem_fees_sun_total')).toBe('2300000')
    expect(read('relay_fees_sun_total')).toBe('3830000')
    expect(read('redeem_failures_total', '{code="moved-nothing"}')).toBe('3')
    expect(read('credit_outstanding_bytes')).toBe('262144')
    expect([read('wires'), read('payers'), read('chain_up')]).toEqual(['3', '2', '0'])
  })

  test('name the payee’s account nowhere', () => {
    expect(formatMetrics(STATUS)).not.toContain(PAYEE)
  })
})
