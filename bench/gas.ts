/**
 * What each call of the contract costs: gas by Ethereum's Shanghai rules and energy by TRON's, in one run, beside the targets
 * and what other channel contracts were measured at in the same way. Nothing here depends on the machine.
 */
import { type CostFigures, measureCosts } from '../contracts/cost/figures.ts'

interface Cost {
  readonly gas: number
  readonly energy: number
}

/** The figures of the last line, with what each should not exceed where there is a target. */
const TARGETS = {
  open1: { gas: 60_000, energy: 30_500 },
  open16: { gas: 75_000, energy: 30_500 },
  fundAndOpen: { gas: 67_000, energy: 38_000 },
  redeemFirst: { gas: 78_000, energy: 50_000 },
  redeemRepeat: { gas: 48_000, energy: 26_000 },
  rowFirst: { gas: 40_000, energy: 28_000 },
  rowRepeat: { gas: 14_000, energy: 11_000 },
  settle1: null,
  settle4: null,
  settle16: null,
  life16: { gas: 520_000, energy: null },
} as const satisfies Partial<Record<keyof CostFigures, { gas: number; energy: number | null } | null>>

type Figure = keyof typeof TARGETS

/** Measured by us, in one EVM, with the same token: gas / energy, or gas alone. */
const OTHERS: readonly (readonly [string, Record<string, string>])[] = [
  ['Swarm chequebook', { open: '161,457 / 118,101', first: '88,644', repeat: '71,544 / 41,748', row: '' }],
  ['BTFS vault', { open: '217,345 / 176,082', first: '123,176', repeat: '71,896 / 41,430', row: '' }],
  ['microRaiden', { open: '88,190 / 62,674', first: '76,627', repeat: '59,544 / 32,955', row: '' }],
  ['Tempo', { open: '160,385 / 145,783', first: '', repeat: '63,443 / 31,579', row: '' }],
  ['x402 batch', { open: '81,616 / 58,893', first: '', repeat: '48,357 + 46,258', row: '21,123 / 28,273' }],
  ['Orchid', { open: '85,578 / 59,605', first: '', repeat: '68,377 / 44,437', row: '31,312 / 34,694' }],
]

/** Where a missed target goes. */
const WHERE: Partial<Record<Figure, string>> = {
  fundAndOpen:
    'the channel’s new slot 22,100 / 20,000, the token’s transfer 14,500 / 12,000, its balance before and after 3,500 / 500, Opened with all its fields 2,900',
  redeemRepeat:
    'the transaction with its calldata 23,750 / 0, the token’s transfer 15,100 / 12,800, the seat’s slot 5,000 / 5,050, the signature 3,100',
  rowFirst:
    'the seat’s new slot 22,100 / 20,050, the proof’s calldata 6,600 / 0, the signature 3,100, the channel’s slot 2,100 / 50',
}

const number = (value: number): string => value.toLocaleString('en-US')
const pair = ({ gas, energy }: Cost): string => `${number(gas)} / ${number(energy)}`

/** `met`, or by how much it was missed. */
function judge(value: number, target: number | null | undefined): string {
  if (!target) return ''
  return value <= target ? 'met' : `missed by ${number(value - target)}`
}

/** Prints the tables; returns what the last line says. */
export async function run(): Promise<Record<Figure, Cost>> {
  const [gas, energy] = [await measureCosts('gas'), await measureCosts('energy')]
  const costOf = (name: keyof CostFigures): Cost => ({ gas: gas[name], energy: energy[name] })
  const names = Object.keys(TARGETS) as Figure[]
  const rows = names.map((name) => {
    const target = TARGETS[name]
    return [
      name,
      {
        gas: number(gas[name]),
        target: target ? number(target.gas) : '',
        '': judge(gas[name], target?.gas),
        energy: number(energy[name]),
        'target ': target?.energy ? number(target.energy) : '',
        ' ': judge(energy[name], target?.energy),
      },
    ]
  })
  console.table(Object.fromEntries(rows))
  for (const name of names) {
    const target = TARGETS[name]
    const isMissed = target && (gas[name] > target.gas || energy[name] > (target.energy ?? Infinity))
    if (isMissed) console.log(`${name}: ${WHERE[name] ?? 'no reason is known'}`)
  }
  console.log(`
The sender is a contract's usual caller: payees, purse and contract hold tokens already, the allowance is unlimited.
fundAndOpen: exactly the channel's total, through a purse that exists. With more, which the purse keeps: ${pair(costOf('fundAndOpenKeep'))}.
rowFirst, rowRepeat: each further row of one payee in a batch, the first with a proof of four levels.
settle: every seat released, none redeemed before. 16 seats that redeemed before: ${pair(costOf('settle16Redeemed'))}.
life16: fundAndOpen and settle of 16 seats, all paid by the settlement. x402 takes 1,640,000 gas for the same.

Others, gas / energy:`)
  const ours = {
    open: pair(costOf('fundAndOpen')),
    first: pair(costOf('redeemFirst')),
    repeat: pair(costOf('redeemRepeat')),
    row: pair(costOf('rowRepeat')),
  }
  console.table(Object.fromEntries([['Piecemeal', ours], ...OTHERS]))
  return Object.fromEntries(names.map((name) => [name, costOf(name)])) as Record<Figure, Cost>
}
