import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bencode, type BencodeInput, decodeBencode, encodeBencode, isDict } from './bencode.ts'

const latin = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0))
const { value } = fc.letrec<{ value: BencodeInput }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.maxSafeInteger(),
    fc.uint8Array({ maxLength: 40 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[ -~]{0,8}$/), tie('value'), { maxKeys: 4 }),
  ),
}))

/** A decoded value as `encodeBencode` takes it. */
function toInput(decoded: Bencode): BencodeInput {
  if (typeof decoded === 'number' || decoded instanceof Uint8Array) return decoded
  if (isDict(decoded))
    return Object.fromEntries([...decoded.entries].map(([key, item]) => [key, toInput(item)]))
  return decoded.map(toInput)
}

describe('bencode (BEP 3)', () => {
  it('gives back what it wrote, and takes back only what it would write', () => {
    fc.assert(
      fc.property(value, (input) => {
        const bytes = encodeBencode(input)
        expect(encodeBencode(toInput(decodeBencode(bytes)))).toEqual(bytes)
      }),
    )
  })

  it.each([
    ...['', 'i-0e', 'i01e', 'ie', 'i-e', 'i1', '01:a', '5:abc', '-1:a', 'i1ei2e', 'le1:a', 'd-1:xe', 'li0e'],
    ...['d1:b0:1:a0:e', 'd1:a0:1:a0:e', 'di1e0:e', 'd1:ae', 'i9007199254740993e', '99999999999999999999:a'],
    `d300:${'k'.repeat(300)}0:e`,
  ])('refuses %j', (text) => {
    expect(() => decodeBencode(latin(text))).toThrow(RangeError)
  })

  it('refuses what is nested deeper than asked for, and without end', () => {
    expect(decodeBencode(latin('lllleeee'), { maxDepth: 3 })).toEqual([[[[]]]])
    expect(() => decodeBencode(latin('lllleeee'), { maxDepth: 2 })).toThrow(RangeError)
    expect(() => decodeBencode(latin('l'.repeat(1_000_000)))).toThrow(RangeError)
    expect(() => decodeBencode(latin('d1:a'.repeat(1_000_000)))).toThrow(RangeError)
  })

  it('orders binary keys by their bytes, as the piece layers of a hybrid torrent (BEP 52) are', () => {
    const dict = decodeBencode(latin('d1:\x7fi1e1:\x80i2e1:\x99i3e1:\xa0i4e1:\xffi5ee'))
    expect(isDict(dict) && [...dict.entries.values()]).toEqual([1, 2, 3, 4, 5])
    expect(() => decodeBencode(latin('d1:\xa0i1e1:\x80i2ee'))).toThrow(RangeError)
  })

  it('says where a dictionary stands, for its hash', () => {
    const bytes = latin('d1:ai1e4:infod1:bi2ee1:zi3ee')
    const root = decodeBencode(bytes)
    const info = isDict(root) ? root.entries.get('info') : undefined
    expect(isDict(info) && bytes.subarray(...info.span)).toEqual(latin('d1:bi2ee'))
  })

  it('keeps keys of a stranger out of objects', () => {
    const dict = decodeBencode(latin('d9:__proto__i1ee'))
    expect(isDict(dict) && dict.entries.get('__proto__')).toBe(1)
  })
})
