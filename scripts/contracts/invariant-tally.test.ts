import { expect, it } from 'vitest'
import { addUpTally, formatTally } from './invariant-tally.ts'

it('adds up what the runs did, the repeated last one once', () => {
  const tally = addUpTally('fund=3 settle=1 \nfund=2 settle=4 \nfund=2 settle=4 \n')
  expect(tally.runs).toBe(2)
  expect([...tally.counts]).toEqual([
    ['fund', 5],
    ['settle', 5],
  ])
  expect(tally.rare).toEqual([])
  expect(formatTally(tally)).toMatch(/2 invariant runs.*\nfund +5 +settle +5\n/)
})

it('names the acts that a campaign hardly ever got to', () => {
  const runs = Array.from({ length: 8 }, (_, run) => `fund=${run + 1} settle=${run === 0 ? 1 : 0} steal=0`)
  expect(addUpTally(runs.join('\n')).rare).toEqual(['settle', 'steal'])
})

it('takes no tally, and no other text, for a campaign', () => {
  expect(() => addUpTally('')).toThrow('no tally')
  expect(() => addUpTally('fund=many')).toThrow('not a tally')
})
