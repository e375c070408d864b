import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addressFromBytes, type Network } from '../../lib/tron/index.ts'
import { readConfigNetwork, replaceNetwork, writeConfigNetwork } from './rewrite-config.ts'

const network: Network = {
  name: 'nile',
  label: 'TRON Nile testnet',
  fullHost: 'https://node.invalid',
  chainId: 3_448_148_188,
  contract: addressFromBytes(new Uint8Array(20).fill(1)),
  token: addressFromBytes(new Uint8Array(20).fill(2)),
  explorerUrl: null,
  isTestnet: true,
  faucetUrl: null,
}
const shipped = () => readFile(fileURLToPath(new URL('../../public/config.json', import.meta.url)), 'utf8')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-config-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('the configuration', () => {
  it('keeps every other line as it was written', async () => {
    const text = await shipped()
    const lines = replaceNetwork(text, network, 'config.json').split('\n')
    const others = (all: string[]) => [...all.slice(0, 2), ...all.slice(all.indexOf('  },'))]
    expect(others(lines)).toEqual(others(text.split('\n')))
    expect(JSON.parse(lines.join('\n')).network).toEqual(network)
    expect(lines[3]).toBe('    "name": "nile",')
  })

  it('is written at once or not at all, through a link too, and nothing is left beside it', async () => {
    const path = join(folder, 'config.json')
    const link = join(folder, 'link.json')
    await writeFile(path, await shipped())
    await symlink(path, link)
    await writeConfigNetwork(link, network)
    expect(await readConfigNetwork(path)).toEqual(network)
    expect((await readdir(folder)).sort()).toEqual(['config.json', 'link.json'])
    await expect(writeConfigNetwork(join(folder, 'none.json'), network)).rejects.toMatchObject({
      code: 'config',
    })
  })

  it.each([
    ['no JSON', '{'],
    ['no object', 'null'],
    ['no network', '{"trackers": []}'],
    ['a network of the wrong type', '{"network": [], "trackers": []}'],
    ['what the page would not read', '{"network": {}, "trackers": [7], "iceServers": [], "demos": []}'],
  ])('that is %s is refused', (_name, text) => {
    expect(() => replaceNetwork(text, network, 'config.json')).toThrow(
      expect.objectContaining({ code: 'config' }),
    )
  })

  it('changes in its network only, whatever else stands in it and however it is written', () => {
    const word = fc.constantFrom('network', 'a', '"network":', '{', '}', ',', '\\', 'é', '')
    const extra = fc.dictionary(
      word.filter((key) => key !== 'network'),
      fc.jsonValue(),
      { maxKeys: 4 },
    )
    const nested = fc.record({ network: fc.jsonValue(), note: word })
    fc.assert(
      fc.property(
        extra,
        nested,
        fc.constantFrom(0, 1, 4, '\t'),
        fc.boolean(),
        (other, old, space, isFirst) => {
          const rest = { ...other, trackers: [], iceServers: [], demos: [] }
          const config = isFirst ? { network: old, ...rest } : { ...rest, network: old }
          const text = JSON.stringify(config, null, space)
          const changed = replaceNetwork(text, network, 'config.json')
          expect(JSON.parse(changed)).toEqual({ ...JSON.parse(text), network })
          const at = changed.indexOf(JSON.stringify(network.contract))
          expect(at).toBeGreaterThan(0)
        },
      ),
    )
  })
})
