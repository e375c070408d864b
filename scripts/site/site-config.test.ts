import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseConfig } from '../../lib/config/index.ts'

const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))

test('checks in a configuration that the site accepts, with the demos of public/demo', () => {
  const config = parseConfig(read('../../public/config.json'))
  expect(config.network).toMatchObject({ name: 'devnet', isTestnet: true })
  expect(config.demos).toEqual(read('../../public/demo/demos.json'))
})

test('names only hosts of this machine', () => {
  const config = parseConfig(read('../../public/config.json'))
  const hosts = [config.network.fullHost, config.network.faucetUrl ?? '', ...config.trackers]
  for (const host of hosts) expect(new URL(host).hostname).toBe('127.0.0.1')
  expect(config.iceServers).toEqual([])
})
