import { expect, test } from 'vitest'
import { parseConfig } from './load-config.ts'

const good = {
  network: {
    name: 'devnet',
    label: 'Local devnet',
    fullHost: 'http://127.0.0.1:9090/',
    chainId: 1234,
    contract: 'TAFjULxiVgT4qWk6UZwjqwZXTSaGaqnVp4',
    token: 'TVSvjZdyDSNocHm7dP3jvCmMNsCnMTPa5W',
    explorerUrl: 'http://127.0.0.1:9090/explorer',
    isTestnet: true,
    faucetUrl: null,
  },
  trackers: ['ws://127.0.0.1:8000'],
  iceServers: [{ urls: 'stun:stun.example:3478' }],
  demos: [
    {
      title: 'A',
      torrentUrl: '/demo/a.torrent',
      infoHash: 'AB'.repeat(20),
      posterUrl: null,
      captionsUrl: null,
    },
  ],
}

test('reads a good file, without the slash at the end of a host', () => {
  const config = parseConfig(good)
  expect(config.network.fullHost).toBe('http://127.0.0.1:9090')
  expect(config.demos[0]?.infoHash).toBe('ab'.repeat(20))
})

test('names the field that is wrong', () => {
  const broken = { ...good, network: { ...good.network, contract: 'TAFjULxiVgT4qWk6UZwjqwZXTSaGaqnVp5' } }
  expect(() => parseConfig(broken)).toThrow(/network.contract/)
  expect(() => parseConfig({ ...good, trackers: ['http://tracker'] })).toThrow(/trackers/)
  expect(() => parseConfig(null)).toThrow(/config/)
  expect(() =>
    parseConfig({ ...good, demos: [{ ...good.demos[0], torrentUrl: '//evil.example/x' }] }),
  ).toThrow(/torrentUrl/)
})

test('never takes mainnet for a testnet', () => {
  const mainnet = {
    ...good,
    network: { ...good.network, name: 'mainnet', isTestnet: true, faucetUrl: 'http://127.0.0.1:1' },
  }
  expect(parseConfig(mainnet).network).toMatchObject({ isTestnet: false, faucetUrl: null })
})

test('reads dated rates, and knows none where a file from before has none', () => {
  expect(parseConfig(good).rates).toBeNull()
  expect(parseConfig({ ...good, rates: null }).rates).toBeNull()
  expect(parseConfig({ ...good, rates: { asOf: '2026-11-26', bttPerTrx: '500000.5' } }).rates).toEqual({
    asOfMs: Date.UTC(2026, 10, 26),
    bttPerTrx: 500_000_500_000_000_000_000_000n,
  })
})

test.each([
  ['rates', 500_000],
  ['rates.bttPerTrx', { asOf: '2026-11-26' }],
  ['rates.bttPerTrx', { asOf: '2026-11-26', bttPerTrx: 500_000 }],
  ['rates.bttPerTrx', { asOf: '2026-11-26', bttPerTrx: '0' }],
  ['rates.bttPerTrx', { asOf: '2026-11-26', bttPerTrx: '-1' }],
  ['rates.asOf', { bttPerTrx: '500000' }],
  ['rates.asOf', { asOf: '26.11.2026', bttPerTrx: '500000' }],
  ['rates.asOf', { asOf: '2026-02-30', bttPerTrx: '500000' }],
])('names %s when it is wrong: %j', (field, rates) => {
  expect(() => parseConfig({ ...good, rates })).toThrow(`config.json: "${field}" is missing or wrong`)
})

test('knows further nodes of a network and a key of TronGrid’s, and nothing that could break a header', () => {
  const read = (more: object) => parseConfig({ ...good, network: { ...good.network, ...more } }).network
  expect(read({})).not.toHaveProperty('otherHosts')
  expect(read({ otherHosts: ['https://b.example/'], apiKey: 'a1-b2' })).toMatchObject({
    otherHosts: ['https://b.example'],
    apiKey: 'a1-b2',
  })
  expect(read({ name: 'custom' }).name).toBe('custom')
  expect(() => read({ otherHosts: 'https://b.example' })).toThrow(/otherHosts/)
  expect(() => read({ otherHosts: ['ftp://b.example'] })).toThrow(/otherHost/)
  expect(() => read({ apiKey: 'a\r\nb' })).toThrow(/apiKey/)
})
