import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { getTrxBalance } from './chain/accounts.ts'
import { parseAccountId } from './codec/account-id.ts'
import { type Devnet, deployContracts, startDevnet } from './index.ts'
import { connectTronWeb, deployWith, wrapRuntime } from './testing/connect-tronweb.ts'

let devnet: Devnet
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'broadcast test' })
})
afterAll(() => devnet.stop())

const post = (path: string, body: unknown) =>
  fetch(`${devnet.url}/${path}`, { method: 'POST', body: JSON.stringify(body) }).then((response) =>
    response.json(),
  )
const words = (answer: { message: string }) => Buffer.from(answer.message, 'hex').toString()

async function signedTransfer(amountSun = 1) {
  const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
  const unsigned = await tronWeb.transactionBuilder.sendTrx(devnet.accounts.bob.address, amountSun)
  return tronWeb.trx.sign(unsigned)
}

describe('broadcast', () => {
  it('refuses another account’s signature', async () => {
    const { alice, bob } = devnet.accounts
    const unsigned = await connectTronWeb(devnet, alice).transactionBuilder.sendTrx(bob.address, 1)
    const stranger = connectTronWeb(devnet, bob)
    const signature = stranger.utils.crypto.signTransaction(
      bob.privateKey.slice(2),
      structuredClone(unsigned),
    ).signature
    const answer = await post('wallet/broadcasttransaction', { ...unsigned, signature })
    expect(answer.code).toBe('SIGERROR')
    expect(words(answer)).toContain('Validate signature error')
  })

  it('refuses a transaction that was changed after it was signed, whatever id it claims', async () => {
    const signed = await signedTransfer()
    const changed = structuredClone(signed)
    Object.assign(changed.raw_data.contract[0]!.parameter.value, { amount: 999 })
    expect(await post('wallet/broadcasttransaction', changed)).toMatchObject({ code: 'SIGERROR' })
  })

  it('refuses no signature, and one of garbage', async () => {
    const { signature: _, ...unsigned } = await signedTransfer()
    expect(await post('wallet/broadcasttransaction', unsigned)).toMatchObject({ code: 'SIGERROR' })
    for (const signature of ['00'.repeat(65), 'ff'.repeat(65), 'ff'.repeat(64), '']) {
      const answer = await post('wallet/broadcasttransaction', { ...unsigned, signature: [signature] })
      expect(answer).toMatchObject({ code: 'SIGERROR' })
    }
  })

  it('refuses the same transaction twice', async () => {
    const signed = await signedTransfer()
    expect(await post('wallet/broadcasttransaction', signed)).toMatchObject({
      result: true,
      txid: signed.txID,
    })
    const again = await post('wallet/broadcasttransaction', signed)
    expect(again).toMatchObject({ code: 'DUP_TRANSACTION_ERROR', txid: signed.txID })
  })

  it('refuses an expired transaction, and one that lives longer than a day', async () => {
    const signed = await signedTransfer()
    await devnet.advance(61)
    expect(await post('wallet/broadcasttransaction', signed)).toMatchObject({
      code: 'TRANSACTION_EXPIRATION_ERROR',
    })
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    const unsigned = await tronWeb.transactionBuilder.sendTrx(devnet.accounts.bob.address, 1)
    const longer = await tronWeb.transactionBuilder.extendExpiration(unsigned, 90_000)
    expect(await post('wallet/broadcasttransaction', await tronWeb.trx.sign(longer))).toMatchObject({
      code: 'TRANSACTION_EXPIRATION_ERROR',
    })
  })

  it('refuses a transaction that refers to a block of another chain', async () => {
    const other = await startDevnet({ chainLabel: 'another chain' })
    const { alice, bob } = other.accounts
    const tronWeb = connectTronWeb(other, alice)
    const signed = await tronWeb.trx.sign(await tronWeb.transactionBuilder.sendTrx(bob.address, 1))
    await other.stop()
    expect(other.chainId).not.toBe(devnet.chainId)
    expect(await post('wallet/broadcasttransaction', signed)).toMatchObject({ code: 'TAPOS_ERROR' })
  })

  it('refuses a transfer beyond the balance, in words', async () => {
    const answer = await post('wallet/broadcasttransaction', await signedTransfer(9_000_000_000_000_000))
    expect(answer.code).toBe('CONTRACT_VALIDATE_ERROR')
    expect(words(answer)).toContain('balance is not sufficient')
  })

  it('refuses an account that cannot pay for bandwidth', async () => {
    const { alice, bob } = devnet.accounts
    const funded = connectTronWeb(devnet, alice)
    const fresh = funded.utils.accounts.generateAccount()
    await funded.trx.sendTransaction(fresh.address.base58, 10)
    const poor = connectTronWeb(devnet, {
      label: 'poor',
      address: fresh.address.base58 as never,
      privateKey: `0x${fresh.privateKey}`,
    })
    // Two transfers fit into the free bandwidth of a day.
    for (const amount of [1, 2])
      expect((await poor.trx.sendTransaction(bob.address, amount)).result).toBe(true)
    const third = await poor.trx.sendTransaction(bob.address, 3)
    expect(third).toMatchObject({ code: 'BANDWITH_ERROR' })
  })

  it('fails out of energy when the fee limit is too low, and burns what it allowed', async () => {
    const { token } = await deployContracts(devnet)
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    const before = await tronWeb.trx.getBalance(devnet.accounts.alice.address)
    const built = await tronWeb.transactionBuilder.triggerSmartContract(
      token,
      'approve(address,uint256)',
      { feeLimit: 100_000 },
      [
        { type: 'address', value: devnet.accounts.bob.address },
        { type: 'uint256', value: 1 },
      ],
    )
    await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(built.transaction))
    const info = await tronWeb.trx.getTransactionInfo(built.transaction.txID)
    expect(info.receipt).toMatchObject({
      result: 'OUT_OF_ENERGY',
      energy_usage_total: 1_000,
      energy_fee: 100_000,
    })
    expect(await tronWeb.trx.getBalance(devnet.accounts.alice.address)).toBe(before - info.fee)
  })

  it('ends an endless loop out of time, which burns the whole fee limit', async () => {
    const tronWeb = connectTronWeb(devnet, devnet.accounts.alice)
    // jumpdest, push 0, jump
    const { address } = await deployWith(tronWeb, { abi: [], bytecode: wrapRuntime('5b600056') })
    const built = await tronWeb.transactionBuilder.triggerSmartContract(address, 'any()', {
      feeLimit: 1_000_000_000,
    })
    await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(built.transaction))
    const info = await tronWeb.trx.getTransactionInfo(built.transaction.txID)
    expect(info.receipt).toMatchObject({ result: 'OUT_OF_TIME', energy_usage_total: 10_000_000 })
    expect(Buffer.from(info.resMessage!, 'hex').toString()).toBe(
      "CPU timeout for 'PUSH1' operation executing",
    )
  })

  it('takes a transaction as hex too', async () => {
    const { utils } = connectTronWeb(devnet, devnet.accounts.alice)
    const signed = await signedTransfer(33)
    const pb = utils.transaction.txJsonToPb(signed)
    for (const signature of signed.signature) pb.addSignature(Uint8Array.from(Buffer.from(signature, 'hex')))
    const hex = Buffer.from(pb.serializeBinary()).toString('hex')
    expect(await post('wallet/broadcasthex', { transaction: hex })).toMatchObject({
      result: true,
      txid: signed.txID,
    })
  })

  it('keeps order and nothing else when many send at once', async () => {
    const tronWeb = connectTronWeb(devnet, devnet.accounts.carol)
    const before = await tronWeb.trx.getBalance(devnet.accounts.bob.address)
    const amounts = Array.from({ length: 20 }, (_, index) => index + 1)
    const answers = await Promise.all(
      amounts.map((amount) => tronWeb.trx.sendTransaction(devnet.accounts.bob.address, amount)),
    )
    expect(answers.every(({ result }) => result)).toBe(true)
    expect(await tronWeb.trx.getBalance(devnet.accounts.bob.address)).toBe(before + 210)
  })

  it('lets no reader see the half-done work of a call', async () => {
    const { alice } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    const { address } = await deployWith(tronWeb, { abi: [], bytecode: wrapRuntime('00') })
    const id = (hex: string) => parseAccountId(hex)!
    const call = devnet.chain.call({
      caller: id(alice.address),
      contract: id(address),
      valueSun: 1_000_000n,
      tokenId: 0n,
      tokenAmount: 0n,
      data: new Uint8Array(0),
    })
    const before = await devnet.chain.read(() => getTrxBalance(devnet.chain.state, id(address)))
    expect((await call).result).toBe('SUCCESS')
    expect(before).toBe(0n)
  })

  it('refuses a call of what is no contract', async () => {
    const { alice, bob } = devnet.accounts
    const tronWeb = connectTronWeb(devnet, alice)
    await expect(tronWeb.transactionBuilder.triggerSmartContract(bob.address, 'any()', {})).rejects.toThrow(
      'No contract or not a valid smart contract',
    )
  })
})
