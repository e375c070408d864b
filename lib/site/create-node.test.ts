import 'fake-indexeddb/auto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore, SiteError } from '../base/index.ts'
import type { SiteConfig } from '../config/index.ts'
import type { Capabilities, Feature } from '../kernel/index.ts'
import { settleTasks } from '../payments/testing/accounts.ts'
import { testNetwork } from '../payments/testing/ledger-chain.ts'
import { createNode } from './create-node.ts'
import { INITIAL_APP } from './initial.ts'

const CONFIG = {
  network: testNetwork,
  trackers: [],
  iceServers: [],
  demos: [],
  explorerUrl: null,
  rates: null,
} as SiteConfig

beforeEach(() => vi.stubGlobal('document', new EventTarget()))
afterEach(() => vi.unstubAllGlobals())

function probe(
  log: string[],
): Feature<'probe', string, { readonly fail: () => void }, 'report' | 'lead' | 'swarm'> {
  return {
    name: 'probe',
    needs: ['report', 'lead', 'swarm'],
    initial: 'initial',
    start(given: Pick<Capabilities, 'report' | 'lead' | 'swarm'>) {
      log.push(...Object.keys(given).sort())
      return {
        store: createStore('running'),
        commands: { fail: () => given.report(new SiteError('bad-config', 'odd')) },
        stop: () => void log.push('stopped'),
      }
    },
  }
}

test('builds what features need, shows the site’s state, and ends', async () => {
  const log: string[] = []
  const node = createNode(Promise.resolve(CONFIG), [probe(log)])
  expect(node.app.get()).toEqual(INITIAL_APP)
  expect(node.features.probe.store.get()).toBe('running')
  await settleTasks()
  expect(node.app.get()).toMatchObject({ role: 'leader', config: CONFIG, consent: null, problem: null })
  node.features.probe.commands.fail()
  expect(node.app.get().problem).toMatchObject({ code: 'bad-config' })
  await node.stop()
  expect(log).toEqual(['lead', 'report', 'swarm', 'stopped'])
})

test('a site without settings says so, and its features still run', async () => {
  const node = createNode(Promise.reject(new SiteError('bad-config', 'config.json is not JSON')), [probe([])])
  await settleTasks()
  expect(node.app.get()).toMatchObject({ config: null, problem: { code: 'bad-config' } })
  expect(node.features.probe.store.get()).toBe('running')
  await node.stop()
})

test('nothing joins a swarm before the visitor agreed', async () => {
  let swarm: Capabilities['swarm'] | null = null
  const node = createNode(Promise.resolve(CONFIG), [
    {
      name: 'asks',
      needs: ['swarm'],
      initial: null,
      start(given: Pick<Capabilities, 'swarm'>) {
        swarm = given.swarm
        return { store: createStore(null), commands: {}, stop: () => undefined }
      },
    } as const,
  ])
  await settleTasks()
  const given = swarm as Capabilities['swarm'] | null
  expect(given?.getRunning()).toBeNull()
  await expect(given?.requireExchange()).rejects.toMatchObject({ code: 'consent-needed' })
  const joining = given?.join()
  await settleTasks()
  node.commands.declineConsent()
  await expect(joining).rejects.toMatchObject({ code: 'consent-declined' })
  await node.stop()
})
