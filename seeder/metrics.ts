/** The seeder's figures as Prometheus reads them (text exposition format 0.0.4). Money is in BTT, fees in sun. */
import { formatAmountExact } from '../lib/units/index.ts'
import type { SeederStatus } from './start-seeder.ts'

interface Sample {
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number | bigint | string
}

interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly samples: readonly Sample[]
}

const escapeLabel = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

function formatSample(name: string, { labels = {}, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
  return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}\n`
}

function toFamilies(status: SeederStatus): readonly Family[] {
  const one = (name: string, type: Family['type'], help: string, value: Sample['value']): Family => ({
    name: `piecemeal_${name}`,
    type,
    help,
    samples: [{ value }],
  })
  return [
    {
      name: 'piecemeal_sent_bytes_total',
      type: 'counter',
      help: 'Bytes of blocks sent since the start, by class.',
      samples: [
        { labels: { class: 'free' }, value: status.sentFreeBytes },
        { labels: { class: 'paid' }, value: status.sentPaidBytes },
      ],
    },
    one('wires', 'gauge', 'Peers connected now.', status.wires),
    one('torrents', 'gauge', 'Torrents seeded.', status.torrents.length),
    one(
      'payers',
      'gauge',
      'Different payers that paid something, over the life of the ledger.',
      status.payers,
    ),
    one(
      'credit_outstanding_bytes',
      'gauge',
      'Bytes sent on credit to the wires connected now and not yet paid.',
      status.creditBytes,
    ),
    one('vouchers_accepted_total', 'counter', 'Vouchers accepted since the start.', status.vouchersAccepted),
    {
      name: 'piecemeal_vouchers_refused_total',
      type: 'counter',
      help: 'Vouchers refused since the start, by reject code.',
      samples: Object.entries(status.vouchersRefused).map(([code, value]) => ({ labels: { code }, value })),
    },
    one(
      'earned_btt_total',
      'counter',
      'Sum of the highest voucher of each seat, over the life of the ledger.',
      formatAmountExact(status.earned),
    ),
    one(
      'redeemed_btt_total',
      'counter',
      'Taken from the chain by our transactions, over the life of the ledger.',
      formatAmountExact(status.redeemed),
    ),
    one(
      'redeemable_btt',
      'gauge',
      'Earned and not yet paid by the chain.',
      formatAmountExact(status.redeemable),
    ),
    one(
      'redeem_fees_sun_total',
      'counter',
      'Fees of our redemptions in sun, over the life of the ledger.',
      status.redeemFeeSun,
    ),
    one(
      'relay_fees_sun_total',
      'counter',
      'Spent on opening channels for payers in sun, over the life of the data folder.',
      status.relayFeeSun,
    ),
    {
      name: 'piecemeal_redeem_failures_total',
      type: 'counter',
      help: 'Redemptions that failed since the start, by code: moved-nothing and moved-less need a person.',
      samples: Object.entries(status.redeemFailures).map(([code, value]) => ({ labels: { code }, value })),
    },
    one('chain_up', 'gauge', '1 when the chain answered last, else 0.', status.chain.status === 'up' ? 1 : 0),
    one('process_resident_bytes', 'gauge', 'Resident memory of the process.', process.memoryUsage.rss()),
  ]
}

/** The whole answer of /metrics. */
export function formatMetrics(status: SeederStatus): string {
  return toFamilies(status)
    .map(
      ({ name, type, help, samples }) =>
        `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${samples.map((sample) => formatSample(name, sample)).join('')}`,
    )
    .join('')
}
