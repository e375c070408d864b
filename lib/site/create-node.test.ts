import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore, SiteError } from '../base/index.ts'
import type { SiteConfig } from '../config/index.ts'
import type { Capabilities, Feature } from '../kernel/index.ts'
import { settleTasks } from '../payments/testing/accounts.ts'
import { createNode } from './create-node.ts'

const CONFIG = { network: { chainId: 1 } } as unknown as SiteConfig

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
  vi.stubGlobal('navigator', {})
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

type Given = Partial<Capabilities>

function fake<Name extends string, Need extends keyof Capabilities>(
  name: Name,
  log: string[],
  needs: readonly Need[],
): Feature<Name, string, { readonly given: Given }, Need> {
  return {
    name,
    needs,
    initial: name,
    start(given) {
      log.push(`start ${name}`)
      return {
        store: createStore<string>(name),
        commands: { given: given as Given },
        stop: () => void log.push(`stop ${name}`),
      }
    },
  }
}

test('features start in order, get what they need alone, and stop in reverse; no timer is left', async () => {
  const log: string[] = []
  const needy = fake('needy', log, ['report', 'lead'])
  const node = createNode(Promise.resolve(CONFIG), [fake('first', log, []), needy])
  expect(Object.keys(node.features)).toEqual(['first', 'needy'])
  expect(Object.keys(node.features.first.commands.given)).toEqual([])
  expect(Object.keys(node.features.needy.commands.given)).toEqual(['report', 'lead'])
  await node.stop()
  expect(log).toEqual(['start first', 'start needy', 'stop needy', 'stop first'])
  expect(vi.getTimerCount()).toBe(0)
})

test('two features of one name are refused', () => {
  const twins = [fake('twin', [], []), fake('twin', [], [])]
  expect(() => createNode(Promise.resolve(CONFIG), twins)).toThrow(RangeError)
})

test('the page leads, and learns its configuration', async () => {
  const node = createNode(Promise.resolve(CONFIG), [])
  expect(node.app.get()).toMatchObject({ role: 'starting', config: null, problem: null })
  await expect.poll(() => node.app.get()).toMatchObject({ role: 'leader', config: CONFIG, problem: null })
  await node.stop()
})

test('a configuration that cannot be read is shown as a problem', async () => {
  const config = Promise.reject(new SiteError('config-missing' as never, 'no config.json'))
  const node = createNode(config, [])
  await expect.poll(() => node.app.get().problem).not.toBeNull()
  expect(node.app.get().config).toBeNull()
  await node.stop()
})

test('what a feature reports is shown as a problem', async () => {
  const node = createNode(Promise.resolve(CONFIG), [fake('needy', [], ['report'])])
  node.features.needy.commands.given.report?.(new SiteError('consent-needed', 'not answered'))
  expect(node.app.get().problem).toMatchObject({ code: 'consent-needed' })
  await node.stop()
})

test('without consent no swarm starts: what needs one is told so', async () => {
  const node = createNode(Promise.resolve(CONFIG), [fake('needy', [], ['swarm'])])
  const { swarm } = node.features.needy.commands.given
  await expect(swarm?.requireExchange()).rejects.toMatchObject({ code: 'consent-needed' })
  const joining = swarm?.join()
  const refused = expect(joining).rejects.toMatchObject({ code: 'consent-declined' })
  await settleTasks()
  node.commands.declineConsent()
  await refused
  expect(swarm?.getRunning()).toBeNull()
  await node.stop()
})
