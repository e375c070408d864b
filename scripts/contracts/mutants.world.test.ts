import { describe, expect, it } from 'vitest'
import { mutants } from './mutants.ts'
import { applyMutant, type Mutant, openMutationLab } from './mutation.ts'
import { readSources } from './solc-input.ts'

const byName = (name: string): Mutant => mutants.find((mutant) => mutant.name === name) as Mutant

describe('the table of mutants', () => {
  it('is long, and names each mutant once', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(40)
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length)
  })

  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('fits the contract: %s', (_, mutant) => {
    const sources = readSources()
    const broken = applyMutant(sources, mutant)
    expect(Object.keys(broken)).toEqual(Object.keys(sources))
    expect(broken).not.toEqual(sources)
  })

  it('is refused when a text is gone, or stands twice', () => {
    const mutant = byName('redeem-stale')
    expect(() => applyMutant({ 'src/channels/SwarmChannels.sol': { content: '' } }, mutant)).toThrow(
      'stands 0 times',
    )
    const twice = { 'src/channels/SwarmChannels.sol': { content: mutant.find.repeat(2) } }
    expect(() => applyMutant(twice, mutant)).toThrow('stands 2 times')
  })
})

describe('the mutation lab', () => {
  it('tells a mutant that a test kills from one that none notices, and from one that is no contract', async () => {
    const lab = await openMutationLab(['Redeem.t.sol'])
    try {
      const killer = await lab.try(byName('redeem-unsigned'))
      expect(killer).toMatchObject({ status: 'killed', by: expect.stringMatching(/^RedeemTest\.test_/) })
      // No test of redeem settles a seat by its delegate.
      expect(await lab.try(byName('release-not-by-delegate'))).toEqual({ status: 'survived' })
      const nonsense = { ...byName('redeem-unsigned'), replace: 'neither Solidity nor sense' }
      expect(await lab.try(nonsense)).toMatchObject({ status: 'not-compiled' })
    } finally {
      lab.close()
    }
  }, 180_000)
})
