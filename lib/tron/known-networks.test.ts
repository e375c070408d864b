import { describe, expect, it } from 'vitest'
import { KNOWN_NETWORKS } from './known-networks.ts'

describe('the public networks', () => {
  it('have a chain id each, the end of their first block’s id', () => {
    // Mainnet's block 0, as every node serves it.
    const genesisId = '00000000000000001ebf88508a03865c71d452e25f4d51194196a1d22b6653dc'
    expect(KNOWN_NETWORKS.mainnet.chainId).toBe(Number.parseInt(genesisId.slice(-8), 16))
    const ids = Object.values(KNOWN_NETWORKS).map(({ chainId }) => chainId)
    expect(ids).toEqual([728_126_428, 3_448_148_188, 2_494_104_990])
  })

  it('name a checked address of BTT where there is one', () => {
    const tokens = Object.values(KNOWN_NETWORKS).map(({ name, token }) => [name, token?.slice(0, 4) ?? null])
    expect(tokens).toEqual([
      ['mainnet', 'TAFj'],
      ['nile', 'TVSv'],
      ['shasta', null],
    ])
  })

  it('are test networks, but for one', () => {
    expect(Object.values(KNOWN_NETWORKS).filter(({ isTestnet }) => !isTestnet)).toEqual([
      KNOWN_NETWORKS.mainnet,
    ])
  })
})
