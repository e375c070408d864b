import { describe, expect, it } from 'vitest'
import { parseOptions } from './options.ts'

const SECRET = 'c0ffee'.repeat(10)
const NODE = ['--node', 'http://127.0.0.1:1/']

describe('the options', () => {
  it.each([
    ['a key as an argument', [...NODE, '--key-env', 'A', SECRET]],
    ['a key in the place of its variable', [...NODE, '--key-env', SECRET]],
    ['a node that is no address', ['--node', SECRET, '--key-env', 'A']],
    ['a node with a user name', ['--node', `https://${SECRET}@host.invalid`, '--key-env', 'A']],
    ['a solidity node that is no address', [...NODE, '--key-env', 'A', '--solidity-node', SECRET]],
    ['a rate that is none', [...NODE, '--key-env', 'A', '--rate', SECRET]],
    ['no key', NODE],
    ['no node', ['--key-env', 'A']],
  ])('refuse %s and do not repeat it', (_name, args) => {
    let message = ''
    try {
      parseOptions(args)
    } catch (error) {
      message = String(error)
    }
    expect(message).toMatch(/^ConformanceStop: /)
    expect(message).not.toContain(SECRET)
  })

  it('are read', () => {
    const args = [...NODE, '--key-env', 'MY_KEY', '--solidity-node', 'http://127.0.0.1:2', '--yes']
    expect(parseOptions(args)).toEqual({
      ...{ nodeUrl: 'http://127.0.0.1:1', keyVariable: 'MY_KEY', statePath: null },
      ...{
        solidityUrl: 'http://127.0.0.1:2',
        callsPerSec: 4,
        isSure: true,
        mayUseMainnet: false,
        isRecording: false,
      },
    })
    expect(parseOptions(['--help'])).toBeNull()
  })
})
