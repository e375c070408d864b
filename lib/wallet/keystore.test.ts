import { expect, test } from 'vitest'
import { readKeystore } from './keystore.ts'

/** Test vectors of the Web3 Secret Storage definition, version 3: the same key in both forms. */
const SECRET = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const PBKDF2 = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  version: 3,
}

test('reads a keystore with its password, and refuses another', () => {
  expect(readKeystore(JSON.stringify(PBKDF2), 'testpassword')).toBe(SECRET)
  expect(() => readKeystore(JSON.stringify(PBKDF2), 'other')).toThrow('password is wrong')
})

test.each(['', '{}', '[]', '{"crypto":{}}'])('refuses %j', (text) => {
  expect(() => readKeystore(text, 'x')).toThrow(/keystore/)
})
