import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bytesToHex } from '../base/index.ts'
import { keccak256 } from '../tron/index.ts'

/** docs/PROTOCOL.md, section 9: `selector`, `name(shape)`, who may call. */
const text = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8')
const rows = [...text.matchAll(/^\| `([0-9a-f]{8})` \| `([^`]+)`/gm)].map(
  ([, selector = '', shape = '']) => ({
    selector,
    shape,
  }),
)
const STRUCTS: readonly (readonly [RegExp, string])[] = [
  [/\bChannel\b/g, '(address,address,bytes32,uint128,uint32,bytes32)'],
  [/\bleaves\b(?=,)/g, '(address,address,uint128)[]'],
  [/\breleases\b(?=\))/g, '(address,uint128,bytes)[]'],
]

/** What Solidity hashes: types only. */
function toSignature(shape: string): string {
  const named = /\b(address|bool|bytes32|bytes|uint\d+)((?:\[\])*) \w+/g
  const typed = shape.replace(named, '$1$2').replace(/(\)\[\]) \w+/g, '$1')
  return STRUCTS.reduce((sum, [name, type]) => sum.replace(name, type), typed).replaceAll(' ', '')
}
const selectorOf = (signature: string): string =>
  bytesToHex(keccak256(new TextEncoder().encode(signature))).slice(2, 10)

interface AbiType {
  readonly type: string
  readonly components?: readonly AbiType[]
}
const typeOf = ({ type, components }: AbiType): string =>
  components ? `(${components.map(typeOf).join(',')})${type.slice('tuple'.length)}` : type

const artifact = JSON.parse(
  readFileSync(new URL('../../contracts/artifacts/SwarmChannels.json', import.meta.url), 'utf8'),
) as { readonly abi: readonly { type: string; name?: string; inputs?: readonly AbiType[] }[] }
const signatures = artifact.abi.flatMap(({ type, name, inputs = [] }) =>
  type === 'function' ? [`${name}(${inputs.map(typeOf).join(',')})`] : [],
)

describe('the calls of docs/PROTOCOL.md', () => {
  test('are all that a payer and a payee send', () => {
    const names = rows.map(({ shape }) => shape.split('(')[0])
    const sent = ['fund', 'fundAndOpen', 'open', 'defund', 'redeem', 'startClose', 'settle', 'closeOut']
    expect(names).toEqual([...sent, 'channelState', 'purse', 'seat', 'look'])
  })

  test.each(rows)('$selector $shape', ({ selector, shape }) => {
    const signature = toSignature(shape)
    expect(selectorOf(signature)).toBe(selector)
    expect(signatures).toContain(signature)
  })
})
