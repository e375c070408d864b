import { describe, expect, it } from 'vitest'
import { bytesToHex } from '../base/index.ts'
import { keccak256 } from './keccak.ts'

describe('keccak256', () => {
  // The empty string's hash is the EVM's well-known code hash of an account without code.
  it.each([
    ['', '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470'],
    ['abc', '0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45'],
    [
      'Transfer(address,address,uint256)',
      '0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef',
    ],
  ])('hashes %j', (text, hash) => {
    expect(bytesToHex(keccak256(new TextEncoder().encode(text)))).toBe(hash)
  })
})
