import { TronWeb, utils } from 'tronweb'
import { describe, expect, it } from 'vitest'
import { hashRawData } from '../tron/index.ts'
import { createKeySigner } from './key-signer.ts'
import { toWalletError } from './wallet-failure.ts'

const privateKey = '1a'.repeat(32)
const rawDataHex = '0a02abcd'
const transaction = { txID: hashRawData(rawDataHex), raw_data_hex: rawDataHex, raw_data: {} }

describe('createKeySigner', () => {
  it('has the address that tronweb gives the key', () => {
    expect(createKeySigner(privateKey).address).toBe(TronWeb.address.fromPrivateKey(privateKey))
    expect(createKeySigner(`0x${privateKey}`).address).toBe(createKeySigner(privateKey).address)
  })

  it('signs as tronweb does', async () => {
    const signed = (await createKeySigner(privateKey).signTransaction(transaction)) as { signature: string[] }
    const theirs = utils.crypto.signTransaction(privateKey, { ...transaction, signature: [] } as never)
    const [expected] = (theirs as unknown as { signature: string[] }).signature
    expect(signed.signature).toEqual([expected?.toLowerCase()])
  })

  it('refuses a transaction whose id is not the hash of its data', async () => {
    const forged = { ...transaction, txID: 'ff'.repeat(32) }
    await expect(createKeySigner(privateKey).signTransaction(forged)).rejects.toMatchObject({
      code: 'bad-transaction',
    })
    await expect(createKeySigner(privateKey).signTransaction(null)).rejects.toMatchObject({
      code: 'bad-transaction',
    })
  })

  it.each(['', 'zz', '00'.repeat(32), 'ff'.repeat(32), '1a'.repeat(31)])(
    'refuses "%s" without repeating it',
    (bad) => {
      const thrown = catchError(() => createKeySigner(bad))
      expect(thrown).toMatchObject({ name: 'WalletError', code: 'bad-key' })
      expect((thrown as Error).cause).toBeUndefined()
      if (bad !== '') expect((thrown as Error).message).not.toContain(bad)
    },
  )
})

function catchError(task: () => unknown): unknown {
  try {
    task()
    return null
  } catch (error) {
    return error
  }
}

describe('toWalletError', () => {
  it.each([
    [{ code: 4001, message: 'x' }, 'rejected'],
    [{ message: 'outer', error: { code: 4001 } }, 'rejected'],
    ['Confirmation declined by user', 'rejected'],
    [{ code: -32002 }, 'request-pending'],
    [{ name: 'WalletNotFoundError', message: 'The wallet is not found.' }, 'not-installed'],
    [{ name: 'WalletDisconnectedError', message: 'disconnected' }, 'locked'],
    [null, 'wallet-failed'],
    [new Error('boom'), 'wallet-failed'],
  ])('reads %j as %s', (thrown, code) => {
    expect(toWalletError(thrown, 'OKX Wallet')).toMatchObject({
      name: 'WalletError',
      code,
      walletName: 'OKX Wallet',
    })
  })
})
