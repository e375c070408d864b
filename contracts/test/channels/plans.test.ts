import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const plans = readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.tree'))

test('there are plans of branches', () => {
  expect(plans).toEqual([
    'Events.tree',
    'HostileTokens.tree',
    'KnownBugs.tree',
    'KnownTokenBugs.tree',
    'Open.tree',
    'Redeem.tree',
    'Settle.tree',
    'Trees.tree',
    'Tron.tree',
  ])
})

test.each(plans)('%s names each test of its contract, and no other', (plan) => {
  const planned = [...read(plan).matchAll(/\[(\w+)\]$/gm)].map(([, name]) => name)
  const written = [...read(plan.replace('.tree', '.t.sol')).matchAll(/function test_(\w+)\(/g)].map(
    ([, name]) => name,
  )
  expect(planned.sort()).toEqual(written.sort())
})
