import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bytesToHex } from '../lib/base/index.ts'
import { isEndorsed } from '../lib/channels/index.ts'
import { testNetwork } from '../lib/payments/testing/ledger-chain.ts'
import { addressOfPrivateKey } from '../lib/tron/index.ts'
import { createKeySigner } from '../lib/wallet/key-signer.ts'
import { makeDelegateKey, openDelegateKey } from './delegate-key.ts'
import { createEndorser } from './endorser.ts'

let folder: string
let path: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-delegate-'))
  path = join(folder, 'data', 'delegate.key')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the key of a data folder', () => {
  test('is made once, for its owner alone, and nothing is left beside it', async () => {
    const key = await openDelegateKey(path)
    expect(await openDelegateKey(path)).toEqual(key)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readdir(join(folder, 'data'))).toEqual(['delegate.key'])
    expect(makeDelegateKey()).not.toEqual(makeDelegateKey())
  })

  test('that is damaged is neither replaced nor repeated', async () => {
    const key = bytesToHex(await openDelegateKey(path)).slice(2)
    for (const damaged of ['', key.slice(1), `${key}00`, key.replace(/./, 'z')]) {
      await writeFile(path, damaged)
      const opening = openDelegateKey(path)
      await expect(opening).rejects.toMatchObject({ name: 'StorageError', code: 'delegate-key' })
      await expect(opening).rejects.not.toThrow(key.slice(2, 60))
      expect(await readFile(path, 'utf8')).toBe(damaged)
    }
  })
})

test('an endorsement is the same until a week before its end, and the next is as long', () => {
  const wallet = createKeySigner('05'.repeat(32))
  const delegate = addressOfPrivateKey(new Uint8Array(32).fill(6))
  let nowMs = 1_800_000_000_000
  const get = createEndorser(wallet, delegate, testNetwork, () => nowMs)
  const first = get()
  nowMs += 24 * 86_400_000
  expect(get()).toBe(first)
  nowMs += 1_000
  const second = get()
  expect(second.untilSec).toBe(Math.floor(nowMs / 1000) + 31 * 86_400)
  expect([first, second].map((each) => isEndorsed(each, testNetwork, Math.floor(nowMs / 1000)))).toEqual([
    true,
    true,
  ])
  expect(second).toMatchObject({ payee: wallet.address, delegate })
})
