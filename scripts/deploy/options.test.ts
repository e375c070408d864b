import { describe, expect, it } from 'vitest'
import { parseOptions, toTarget } from './options.ts'

const SECRET = 'c0ffee'.repeat(10)
const TOKEN = 'TVSvjZdyDSNocHm7dP3jvCmMNsCnMTPa5W'

describe('the options', () => {
  it.each([
    ['a key as an argument', ['--network', 'devnet', SECRET]],
    ['a key as an option', ['--network', 'devnet', `--key=${SECRET}`]],
    ['an unknown network', ['--network', SECRET]],
    ['no network', []],
    ['a missing value', ['--network']],
    ['a node that is no address', ['--network', 'nile', '--node', SECRET]],
    ['a node with a user name', ['--network', 'nile', '--node', `https://${SECRET}@host.invalid`]],
    ['a token that is none', ['--network', 'nile', '--token', SECRET]],
    ['a sender that is none', ['--network', 'nile', '--from', SECRET]],
  ])('refuse %s and do not repeat it', (_name, args) => {
    let message = ''
    try {
      parseOptions(args)
    } catch (error) {
      message = String(error)
    }
    expect(message).toMatch(/^ProgramError: /)
    expect(message).not.toContain(SECRET)
  })

  it('put another node and token in the place of the network’s own; the page keeps the public host', () => {
    const own = toTarget(parseOptions(['--network', 'nile'])!)
    const other = toTarget(
      parseOptions(['--network', 'nile', '--node', 'http://127.0.0.1:1/', '--token', TOKEN])!,
    )
    expect(own.nodeUrl).toBe(own.fullHost)
    expect(other).toEqual({ ...own, nodeUrl: 'http://127.0.0.1:1', token: TOKEN })
    const devnet = toTarget(parseOptions(['--network', 'devnet', '--node', 'http://127.0.0.1:1'])!)
    expect(devnet).toMatchObject({ fullHost: 'http://127.0.0.1:1', chainId: null, token: null })
  })

  it('keep a record a network', () => {
    expect(parseOptions(['--network', 'shasta'])?.recordPath).toBe('.deploy/shasta.json')
    expect(parseOptions(['--help', '--network', 'shasta'])).toBeNull()
  })
})
