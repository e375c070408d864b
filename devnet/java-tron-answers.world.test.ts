/** Answers word for word as java-tron gives them; each title names the source file there. */
import type { TronWeb } from 'tronweb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDemoAccount, FAUCET_ACCOUNT } from './chain/demo-accounts.ts'
import { type Deployment, type Devnet, deployContracts, startDevnet } from './index.ts'
import { connectTronWeb, deployWith, wrapRuntime } from './testing/connect-tronweb.ts'

let devnet: Devnet
let deployment: Deployment
let alice: TronWeb
beforeAll(async () => {
  devnet = await startDevnet({
    chainLabel: 'java-tron answers test',
    prefund: [
      { address: createDemoAccount('alice').address, trxSun: 0n, bttoldAmount: 1_000_000n },
      { address: FAUCET_ACCOUNT.address, trxSun: 0n, bttoldAmount: 900_000_000_000_000_000n },
    ],
  })
  deployment = await deployContracts(devnet)
  alice = connectTronWeb(devnet, devnet.accounts.alice)
})
afterAll(() => devnet.stop())

const post = (path: string, body: unknown) =>
  fetch(`${devnet.url}/${path}`, { method: 'POST', body: JSON.stringify(body) }).then((response) =>
    response.json(),
  )
const fromHex = (message: string) => Buffer.from(message, 'hex').toString()
const hexOf = (address: string) => alice.address.toHex(address)

/** Builds by a node's endpoint, signs, and sends. */
async function send(tronWeb: TronWeb, endpoint: string, body: Record<string, unknown>) {
  const unsigned = await post(`wallet/${endpoint}`, body)
  const signed = await tronWeb.trx.sign(unsigned)
  return { unsigned, answer: await post('wallet/broadcasttransaction', signed) }
}
const refusal = async (endpoint: string, body: Record<string, unknown>) => {
  const { answer } = await send(alice, endpoint, {
    owner_address: hexOf(devnet.accounts.alice.address),
    ...body,
  })
  return [answer.code, fromHex(answer.message)]
}
/** A call of `runtime` as a transaction; its receipt. */
async function run(runtime: string, options: { feeLimit?: number } = {}) {
  const { address } = await deployWith(alice, { abi: [], bytecode: wrapRuntime(runtime) })
  const { transaction } = await alice.transactionBuilder.triggerSmartContract(address, 'any()', {
    feeLimit: 100_000_000,
    ...options,
  })
  await alice.trx.sendRawTransaction(await alice.trx.sign(transaction))
  return { address, info: await alice.trx.getTransactionInfo(transaction.txID) }
}

describe('refusals', () => {
  const validate = 'CONTRACT_VALIDATE_ERROR'
  it.each([
    ['TransferActuator', 'createtransaction', { amount: 0 }, 'Amount must be greater than 0.'],
    ['TransferActuator', 'createtransaction', { amount: -1 }, 'Amount must be greater than 0.'],
    [
      'TransferActuator',
      'createtransaction',
      { amount: 9_000_000_000_000_000 },
      'Validate TransferContract error, balance is not sufficient.',
    ],
    ['TransferAssetActuator', 'transferasset', { amount: 1, asset_name: '39' }, 'No asset!'],
    [
      'TransferAssetActuator',
      'transferasset',
      { amount: 9_000_000_000_000_000, asset_name: Buffer.from('1002000').toString('hex') },
      'assetBalance is not sufficient.',
    ],
  ])('of %s: %s %j', async (_source, endpoint, fields, reason) => {
    const to_address = hexOf(devnet.accounts.bob.address)
    expect(await refusal(endpoint, { to_address, ...fields })).toEqual([
      validate,
      `Contract validate error : ${reason}`,
    ])
  })

  it('of TransferActuator: to oneself, and to a contract', async () => {
    const to = async (to_address: string) =>
      (await refusal('createtransaction', { amount: 1, to_address }))[1]
    expect(await to(hexOf(devnet.accounts.alice.address))).toContain('Cannot transfer TRX to yourself.')
    expect(await to(hexOf(deployment.token))).toContain('Cannot transfer TRX to a smartContract.')
  })

  it('of CreateAccountActuator: an account that there is', async () => {
    expect(await refusal('createaccount', { account_address: hexOf(devnet.accounts.bob.address) })).toEqual([
      validate,
      'Contract validate error : Account has existed',
    ])
  })

  it('of BandwidthProcessor: an owner without an account', async () => {
    const nobody = createDemoAccount('nobody')
    const { answer } = await send(connectTronWeb(devnet, nobody), 'createtransaction', {
      owner_address: hexOf(nobody.address),
      to_address: hexOf(devnet.accounts.bob.address),
      amount: 1,
    })
    expect(answer.code).toBe(validate)
    expect(fromHex(answer.message)).toBe(
      `Contract validate error : account [${nobody.address}] does not exist`,
    )
  })

  it('of VMActuator: no contract, a fee limit beyond the maximum, a token id that is none', async () => {
    const call = {
      owner_address: hexOf(devnet.accounts.alice.address),
      contract_address: hexOf(deployment.token),
    }
    const trigger = async (change: Record<string, unknown>) => {
      const built = await post('wallet/triggersmartcontract', { ...call, data: 'ffffffff', ...change })
      const answer = await post('wallet/broadcasttransaction', await alice.trx.sign(built.transaction))
      return fromHex(answer.message)
    }
    expect(await trigger({ fee_limit: 15_000_000_001 })).toBe(
      'Contract validate error : feeLimit must be >= 0 and <= 15000000000',
    )
    expect(await trigger({ token_id: 5 })).toBe('Contract validate error : tokenId must be > 1000000')
    expect(await trigger({ call_token_value: 5 })).toBe(
      'Contract validate error : invalid arguments with tokenValue = 5, tokenId = 0',
    )
    const { transaction } = await post('wallet/triggersmartcontract', { ...call, data: 'ffffffff' })
    transaction.raw_data.contract[0].parameter.value.contract_address = hexOf(devnet.accounts.bob.address)
    const pb = alice.utils.transaction.txJsonToPb(transaction)
    transaction.txID = alice.utils.transaction.txPbToTxID(pb).replace(/^0x/, '')
    transaction.raw_data_hex = alice.utils.transaction.txPbToRawDataHex(pb)
    const answer = await post('wallet/broadcasttransaction', await alice.trx.sign(transaction))
    expect(fromHex(answer.message)).toBe('Contract validate error : No contract or not a smart contract')
  })

  it('of Manager.validateCommon: a transaction that is too big', async () => {
    const { answer, unsigned } = await send(alice, 'createtransaction', {
      owner_address: hexOf(devnet.accounts.alice.address),
      to_address: hexOf(devnet.accounts.bob.address),
      amount: 1,
      extra_data: 'ab'.repeat(512_000),
    })
    expect(answer.code).toBe('TOO_BIG_TRANSACTION_ERROR')
    expect(fromHex(answer.message)).toMatch(
      new RegExp(
        `^Too big transaction with result, TxId ${unsigned.txID}, the size is \\d+ bytes, maxTxSize 512000$`,
      ),
    )
  })

  it('come as text where addresses are readable (Return.message)', async () => {
    const signed = await alice.trx.sign(
      await alice.transactionBuilder.sendTrx(devnet.accounts.bob.address, 1),
    )
    const broken = { ...signed, visible: true, signature: [] }
    const value = broken.raw_data.contract[0]!.parameter.value as unknown as Record<string, unknown>
    value.owner_address = devnet.accounts.alice.address
    value.to_address = devnet.accounts.bob.address
    const answer = await post('wallet/broadcasttransaction', broken)
    expect(answer.message).toBe('Validate signature error: miss sig or contract')
  })
})

describe('executions', () => {
  it('that revert keep the reason of Error(string), and say REVERT (Protocol.contractResult)', async () => {
    // mstore(0, selector of Error(string)), the offset, the length and “no” after it, revert 100 bytes
    const words = `08c379a0${'20'.padStart(64, '0')}${'2'.padStart(64, '0')}${Buffer.from('no').toString('hex').padEnd(64, '0')}`
    const code = words.match(/.{1,64}/g)!.map((word, index) => {
      return `7f${word.padEnd(64, '0')}60${(index * 32).toString(16).padStart(2, '0')}52`
    })
    const { address } = await deployWith(alice, {
      abi: [],
      bytecode: wrapRuntime(`${code.join('')}60646000fd`),
    })
    const call = { owner_address: hexOf(devnet.accounts.bob.address), contract_address: address, data: '00' }
    const answer = await post('wallet/triggerconstantcontract', call)
    expect(answer.result).toEqual({
      result: true,
      message: Buffer.from('REVERT opcode executed').toString('hex'),
    })
    expect(answer.constant_result).toEqual([words])
    expect(answer.transaction.ret).toEqual([{ ret: 'FAILED' }])
    const readable = await post('wallet/triggerconstantcontract', {
      ...call,
      owner_address: devnet.accounts.bob.address,
      contract_address: alice.address.fromHex(address),
      visible: true,
    })
    expect(readable.result.message).toBe('REVERT opcode executed')
  })

  it.each([
    ['an invalid opcode', 'fe', 'ILLEGAL_OPERATION'],
    ['a jump to nowhere', '600456', 'BAD_JUMP_DESTINATION'],
    ['an empty stack', '01', 'STACK_TOO_SMALL'],
  ])('that fail by %s spend all of their energy (VMActuator)', async (_name, runtime, result) => {
    const { info } = await run(runtime, { feeLimit: 1_000_000 })
    expect(info.receipt).toMatchObject({ result, energy_usage_total: 10_000, energy_fee: 1_000_000 })
    expect(info.result).toBe('FAILED')
  })

  it('list what contracts did to each other, numbered (TransactionInfo.internal_transactions)', async () => {
    const bob = hexOf(devnet.accounts.bob.address).slice(2)
    // call(gas 0, bob, value 0), then create of nothing, and return its address
    const { address, info } = await run(
      `60006000600060006000${`73${bob}`}5af150600060006000f060005260206000f3`,
    )
    const internals = (info as unknown as { internal_transactions: Record<string, unknown>[] })
      .internal_transactions
    const created = `41${info.contractResult[0]!.slice(24)}`
    expect(internals).toMatchObject([
      { caller_address: address, transferTo_address: `41${bob}`, callValueInfo: [{}], note: '63616c6c' },
      { caller_address: address, transferTo_address: created, callValueInfo: [{}], note: '637265617465' },
    ])
    // The call came first, so the creation's number is 1 (Program.createContract, before increaseNonce).
    const preimage = `${info.id}${'1'.padStart(16, '0')}`
    expect(created.slice(2)).toBe(alice.utils.ethersUtils.keccak256(`0x${preimage}`).slice(26))
  })

  it('mark what a failed one did as rejected (ProgramResult.rejectInternalTransactions)', async () => {
    const bob = hexOf(devnet.accounts.bob.address).slice(2)
    const { info } = await run(`60006000600060006000${`73${bob}`}5af160006000fd`)
    expect((info as unknown as { internal_transactions: unknown[] }).internal_transactions).toMatchObject([
      { rejected: true },
    ])
  })

  it('stop calling at a depth of 64 (Program.MAX_DEPTH)', async () => {
    // sload(0)+1 -> sstore(0), call itself with all gas, stop
    const { address, info } = await run('60005460010160005560006000600060006000305af100', {
      feeLimit: 15_000_000_000,
    })
    expect(info.receipt.result).toBe('SUCCESS')
    expect((info as unknown as { internal_transactions: unknown[] }).internal_transactions).toHaveLength(64)
    expect(address).toBe(info.contract_address)
  })
})

describe('calls that no node takes', () => {
  it('of TriggerConstantContractServlet and TriggerSmartContractServlet: no such contract', async () => {
    const call = {
      owner_address: hexOf(devnet.accounts.alice.address),
      contract_address: hexOf(devnet.accounts.bob.address),
      function_selector: 'x()',
    }
    const said = async (name: string) => {
      const { result } = await post(`wallet/${name}`, call)
      return [result.code, fromHex(result.message)]
    }
    const code = 'CONTRACT_VALIDATE_ERROR'
    expect(await said('triggerconstantcontract')).toEqual([code, 'Smart contract is not exist.'])
    expect(await said('estimateenergy')).toEqual([code, 'Smart contract is not exist.'])
    expect(await said('triggersmartcontract')).toEqual([code, 'No contract or not a valid smart contract'])
  })
})

describe('numbers of 64 bits', () => {
  it('are printed with every digit, and as text when a GET asks for it (int64_as_string)', async () => {
    const address = hexOf(devnet.accounts.faucet.address)
    const get = (query: string) =>
      fetch(`${devnet.url}/wallet/getaccount?address=${address}${query}`).then((response) => response.text())
    const balance = /"value":(900000000000000000)/
    expect(await get('')).toMatch(balance)
    expect(await get('&int64_as_string=true')).toMatch(/"value":"900000000000000000"/)
    const posted = await fetch(`${devnet.url}/wallet/getaccount`, {
      method: 'POST',
      body: JSON.stringify({ address, int64_as_string: true }),
    }).then((response) => response.text())
    expect(posted).toMatch(balance)
  })
})
