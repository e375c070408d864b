import { expect, test } from 'vitest'
import { createStore } from '../base/index.ts'
import type { Capabilities } from './capabilities.ts'
import { type AnyFeature, type Feature, startFeatures } from './feature.ts'
import { fakeCapabilities } from './testing/capabilities.ts'

const log: string[] = []

function feature<Name extends string, Need extends keyof Capabilities>(
  name: Name,
  needs: readonly Need[],
  onStart: (given: Pick<Capabilities, Need>) => void = () => undefined,
): Feature<Name, string, { readonly say: () => string }, Need> {
  return {
    name,
    needs,
    initial: '',
    start(given) {
      log.push(`start ${name}`)
      onStart(given)
      return {
        store: createStore(name),
        commands: { say: () => name },
        stop: async () => void log.push(`stop ${name}`),
      }
    },
  }
}

const start = <const F extends readonly AnyFeature[]>(features: F) =>
  startFeatures(fakeCapabilities().capabilities, features)

test('features start in their order and stop in the reverse one', async () => {
  log.length = 0
  const { running, stop } = start([feature('a', []), feature('b', []), feature('c', [])])
  expect(running.b.commands.say()).toBe('b')
  expect(running.c.store.get()).toBe('c')
  await stop()
  expect(log).toEqual(['start a', 'start b', 'start c', 'stop c', 'stop b', 'stop a'])
})

test('a feature gets what it names and nothing else', () => {
  let given: object = {}
  start([
    feature('a', ['ledger', 'report'], (all) => {
      given = all
    }),
  ])
  expect(Object.keys(given).sort()).toEqual(['ledger', 'report'])
})

test('two features of one name are refused before any starts', () => {
  log.length = 0
  expect(() => start([feature('a', []), feature('a', ['chain'])])).toThrow(/“a”/)
  expect(log).toEqual([])
})

test('one that cannot start ends those before it, and its error comes out', async () => {
  log.length = 0
  const bad = feature('bad', [], () => {
    throw new Error('no')
  })
  expect(() => start([feature('a', []), bad, feature('c', [])])).toThrow('no')
  await Promise.resolve()
  expect(log).toEqual(['start a', 'start bad', 'stop a'])
})
