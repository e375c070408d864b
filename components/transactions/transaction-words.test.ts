import { expect, it } from 'vitest'
import type { TransactionRecord } from '@/lib/features/transactions/index.ts'
import type { Address } from '@/lib/tron/index.ts'
import { toFeeSun } from '@/lib/units/index.ts'
import { findEnded, getEnd, sayState, toSeen } from './transaction-words.ts'

type State = TransactionRecord['state']

const sent = { txId: '0xaa', expiresAtMs: 1 } as const
const mined = { ...sent, blockNumber: 1, feeSun: toFeeSun(1n) }
const reason = { code: 'rejected', words: 'You declined.' }
const STATES: readonly State[] = [
  { status: 'draft' },
  { status: 'simulated' },
  { status: 'signed', ...sent },
  { status: 'broadcast', ...sent },
  { status: 'inBlock', ...mined },
  { status: 'solidified', ...mined },
  { status: 'reverted', ...mined, reason, isSolid: false },
  { status: 'dropped', ...sent },
  { status: 'expired', txId: '0xaa', wasInBlock: false },
  { status: 'expired', txId: '0xaa', wasInBlock: true },
  { status: 'cancelled', txId: null, reason },
]
const row = (state: State, id = 'a'): TransactionRecord => ({
  id,
  call: 'approve',
  amount: null,
  account: 'T' as Address,
  begunAtMs: 0,
  changedAtMs: 0,
  state,
})

it('each state has a sentence of its own', () => {
  const sentences = STATES.map(sayState)
  expect(new Set(sentences).size).toBe(STATES.length)
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/)
})

it('only what was seen under way and ended since is told, once', () => {
  const [, , , broadcast, inBlock, solidified] = STATES.map((state) => [row(state)] as const)
  if (!broadcast || !inBlock || !solidified) throw new Error('too few states')
  expect(findEnded(toSeen([]), solidified)).toEqual([])
  expect(findEnded(toSeen(broadcast), inBlock)).toEqual([])
  expect(findEnded(toSeen(inBlock), solidified)).toEqual(solidified)
  expect(findEnded(toSeen(solidified), solidified)).toEqual([])
})

it('that it failed, lost its block or expired is told; that its owner declined is not told twice', () => {
  const told = STATES.filter((state) => findEnded(toSeen([row(STATES[3]!)]), [row(state)]).length > 0)
  expect(told.map(({ status }) => status)).toEqual([
    'solidified',
    'reverted',
    'dropped',
    'expired',
    'expired',
  ])
  expect(told.map(getEnd)).toEqual(['done', 'failed', 'failed', 'failed', 'failed'])
})

it('a failure whose block became solid is not told again', () => {
  const reverted = { status: 'reverted', ...mined, reason, isSolid: false } as const
  expect(findEnded(toSeen([row(reverted)]), [row({ ...reverted, isSolid: true })])).toEqual([])
})
