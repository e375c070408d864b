import { expect, test } from 'vitest'
import { createStore } from '../base/index.ts'
import type { Capabilities } from './capabilities.ts'
import { type Feature, startFeatures } from './feature.ts'

const capabilities = { report: () => undefined, lead: 'lead', chain: 'chain' } as unknown as Capabilities

type Need = 'report' | 'lead' | 'chain'

/** A feature that writes into `log` when it starts and stops. */
function fake<Name extends string>(
  name: Name,
  log: string[],
  needs: readonly Need[] = [],
): Feature<Name, string, { readonly given: readonly string[] }, Need> {
  return {
    name,
    needs,
    initial: name,
    start(given) {
      log.push(`start ${name}`)
      return {
        store: createStore<string>(name),
        commands: { given: Object.keys(given) },
        async stop() {
          await Promise.resolve()
          log.push(`stop ${name}`)
        },
      }
    },
  }
}

test('features start in their order, and stop one after the other in reverse', async () => {
  const log: string[] = []
  const { running, stop } = startFeatures(capabilities, [fake('a', log), fake('b', log), fake('c', log)])
  expect(running.b.store.get()).toBe('b')
  expect(log).toEqual(['start a', 'start b', 'start c'])
  await stop()
  expect(log.slice(3)).toEqual(['stop c', 'stop b', 'stop a'])
})

test('a feature gets what it needs and nothing else', () => {
  const { running } = startFeatures(capabilities, [fake('a', [], ['chain']), fake('b', [])])
  expect(running.a.commands.given).toEqual(['chain'])
  expect(running.b.commands.given).toEqual([])
})

test('two features of one name are refused before any starts', () => {
  const log: string[] = []
  const start = () => startFeatures(capabilities, [fake('a', log), fake('b', log), fake('a', log)])
  expect(start).toThrow(RangeError)
  expect(log).toEqual([])
})

test('when one throws, those before it stop, those after it never start, and its error is thrown on', async () => {
  const log: string[] = []
  const broken = {
    ...fake('broken', log),
    start(): never {
      throw new Error('cannot start')
    },
  }
  const start = () => startFeatures(capabilities, [fake('a', log), fake('b', log), broken, fake('c', log)])
  expect(start).toThrow('cannot start')
  await expect.poll(() => log).toEqual(['start a', 'start b', 'stop b', 'stop a'])
})
