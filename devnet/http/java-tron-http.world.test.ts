/** What a real node (java-tron 4.8.0, asked on 26 November 2026) answers over HTTP where the devnet once answered otherwise. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Deployment, type Devnet, deployContracts, startDevnet } from '../index.ts'
import { connectTronWeb, deployWith, wrapRuntime } from '../testing/connect-tronweb.ts'

let devnet: Devnet
let deployment: Deployment
beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'java-tron http test' })
  deployment = await deployContracts(devnet)
})
afterAll(() => devnet.stop())

const alice = () => connectTronWeb(devnet, devnet.accounts.alice)
const hexOf = (address: string) => alice().address.toHex(address)
const fromHex = (message: string) => Buffer.from(message, 'hex').toString()
const send = (path: string, body: string, type?: string) =>
  fetch(`${devnet.url}/${path}`, {
    method: 'POST',
    body,
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
  })
const post = async (path: string, body: unknown) => (await send(path, JSON.stringify(body))).json()
const get = async (path: string) => (await fetch(`${devnet.url}/${path}`)).json()
const call = (fields: Record<string, unknown>) =>
  post('wallet/triggerconstantcontract', {
    owner_address: hexOf(devnet.accounts.alice.address),
    ...fields,
  })
const PARSE = 'class org.tron.core.services.http.JsonFormat$ParseException'

describe('blocks', () => {
  it('have in the header of block 0 its root, its parent and a text, and its accounts as transactions', async () => {
    const block = await post('wallet/getblockbynum', { num: 0 })
    expect(Object.keys(block.block_header)).toEqual(['raw_data'])
    expect(Object.keys(block.block_header.raw_data).sort()).toEqual([
      'parentHash',
      'txTrieRoot',
      'witness_address',
    ])
    const amounts = new Map(
      block.transactions.map((each: { raw_data: { contract: { parameter: { value: never } }[] } }) => {
        const { to_address, amount } = each.raw_data.contract[0]!.parameter.value
        return [to_address, amount]
      }),
    )
    expect(amounts.get(hexOf(devnet.accounts.alice.address))).toBe(10_000_000_000)
    const [first] = block.transactions
    expect(Object.keys(first).sort()).toEqual(['raw_data', 'raw_data_hex', 'txID'])
    expect(await post('wallet/gettransactionbyid', { value: first.txID })).toEqual(first)
    expect(await post('wallet/getblock', { id_or_num: '0' })).toEqual({
      blockID: block.blockID,
      block_header: block.block_header,
    })
  })

  it('of a bad or an unknown id are refused in plain words, and of a number that is not there are nothing', async () => {
    const refused = { Error: 'id must be legal block hash.' }
    for (const id of ['nonsense', 'ab', 'f'.repeat(64), `${'0'.repeat(12)}ffff${'1'.repeat(48)}`])
      expect(await post('wallet/getblock', { id_or_num: id }), id).toEqual(refused)
    expect(await get('wallet/getblock?id_or_num=nonsense')).toEqual(refused)
    expect(await post('wallet/getblock', { id_or_num: '-1' })).toEqual({
      Error: 'num must be non-positive number.',
    })
    expect(await post('wallet/getblock', { id_or_num: '999999' })).toEqual({})
    expect(await post('wallet/getblockbynum', { num: -1 })).toEqual({})
    expect(await get('wallet/getblockbynum?num=-1')).toEqual({})
    expect(await post('wallet/getblockbyid', { value: 'f'.repeat(64) })).toEqual({})
    expect(await post('wallet/getblockbylatestnum', { num: 100 })).toEqual({})
    expect(await post('wallet/getblockbylimitnext', { startNum: 2, endNum: 2 })).toEqual({})
  })
})

describe('transactions', () => {
  it.each(['gettransactionbyid', 'gettransactioninfobyid'])('%s of bad ids are nothing', async (endpoint) => {
    for (const value of ['00', 'abc', '0'.repeat(64), `0x${'1'.repeat(64)}`])
      expect(await post(`wallet/${endpoint}`, { value }), value).toEqual({})
    expect((await post(`wallet/${endpoint}`, { value: 'zz' })).Error).toBe(
      `${PARSE} : 1:10: INVALID hex String`,
    )
  })

  it('that another signed are refused by a message that begins with the signature', async () => {
    const unsigned = await alice().transactionBuilder.sendTrx(
      devnet.accounts.bob.address,
      1,
      devnet.accounts.carol.address,
    )
    const signed = await alice()
      .trx.sign({ ...unsigned }, devnet.accounts.alice.privateKey.slice(2))
      .catch(() => null)
    expect(signed).toBeNull()
    const signature = alice().utils.crypto.ECKeySign(
      Uint8Array.from(Buffer.from(unsigned.txID, 'hex')) as never,
      Uint8Array.from(Buffer.from(devnet.accounts.alice.privateKey.slice(2), 'hex')) as never,
    )
    const answer = await post('wallet/broadcasttransaction', { ...unsigned, signature: [signature] })
    expect(answer.code).toBe('SIGERROR')
    expect(fromHex(answer.message)).toBe(
      `Validate signature error: ${signature.toLowerCase()} is signed by ${devnet.accounts.alice.address} but it is not contained of permission.`,
    )
  })
})

describe('accounts', () => {
  it('of block 0 show no permissions and no assetV2 until they get some', async () => {
    const account = await post('wallet/getaccount', { address: hexOf(devnet.accounts.carol.address) })
    expect(account.balance).toBe(10_000_000_000)
    for (const field of ['owner_permission', 'active_permission', 'assetV2', 'create_time'])
      expect(account, field).not.toHaveProperty(field)
    const fresh = alice().utils.accounts.generateAccount().address.base58
    await alice().trx.sendTransaction(fresh, 7)
    const made = await post('wallet/getaccount', { address: hexOf(fresh) })
    expect(made.owner_permission).toMatchObject({ permission_name: 'owner', threshold: 1 })
  })

  it('by base58 without `visible` are refused, and by hex with it', async () => {
    const { address } = devnet.accounts.alice
    expect((await post('wallet/getaccount', { address })).Error).toBe(`${PARSE} : 1:12: INVALID hex String`)
    expect((await get(`wallet/getaccount?address=${address}`)).Error).toContain('INVALID hex String')
    expect((await post('wallet/getaccountresource', { address })).Error).toBe(
      'class org.bouncycastle.util.encoders.DecoderException : exception decoding Hex string: invalid characters encountered in Hex string',
    )
    expect((await post('wallet/getaccount', { address, visible: true })).address).toBe(address)
    expect((await post('wallet/getaccount', { address: hexOf(address), visible: true })).Error).toContain(
      PARSE,
    )
    expect(
      (await post('wallet/createtransaction', { owner_address: address, to_address: address })).Error,
    ).toContain('INVALID hex String')
  })
})

describe('calls without a transaction', () => {
  it('that fail say the exception, and no energy', async () => {
    const failed = async (code: string) => {
      const answer = await call({ data: code })
      expect(Object.keys(answer)).toEqual(['result'])
      expect(answer.result.code).toBe('OTHER_ERROR')
      return fromHex(answer.result.message)
    }
    const of = 'class org.tron.core.vm.program.Program$'
    expect(await failed('fe')).toBe(`${of}IllegalOperationException : Invalid operation code: opCode[fe];`)
    expect(await failed('5b602056')).toBe(
      `${of}BadJumpDestinationException : Operation with pc isn't 'JUMPDEST': PC[32];`,
    )
    expect(await failed('60006000a0fe')).toContain('opCode[fe]')
    expect(await failed('600160005d60006000fa')).toContain('StackTooSmallException')
    // A call of itself, without end, in static context: a store in it fails alone, the call answers 0.
    expect((await call({ data: '5f5f5f5f305afa5f5260205ff3' })).result.result).toBe(true)
  })

  it('that revert keep what they revert with, and their energy', async () => {
    const answer = await call({ data: '63aabbccdd6000526004601cfd' })
    expect(answer.result).toEqual({
      result: true,
      message: Buffer.from('REVERT opcode executed').toString('hex'),
    })
    expect(answer.constant_result).toEqual(['aabbccdd'])
    expect(answer.energy_used).toBe(16)
    expect(answer.transaction.ret).toEqual([{ ret: 'FAILED' }])
  })

  it('may use 100,000,000 energy', async () => {
    const answer = await call({ data: '5a60005260206000f3' })
    expect(BigInt(`0x${answer.constant_result[0]}`)).toBe(100_000_000n - 2n)
  })

  it('name an owner, and a contract or data', async () => {
    const words = async (body: unknown, path = 'triggerconstantcontract') => {
      const { result } = await post(`wallet/${path}`, body)
      expect(result.code).toBe('OTHER_ERROR')
      return fromHex(result.message)
    }
    const invalid = 'class java.security.InvalidParameterException'
    const contract_address = hexOf(deployment.token)
    const owner_address = contract_address
    expect(await words({ contract_address })).toBe(`${invalid} : owner_address isn't set.`)
    expect(await words({ contract_address }, 'estimateenergy')).toBe(`${invalid} : owner_address isn't set.`)
    expect(await words({ contract_address }, 'triggersmartcontract')).toBe(
      `${invalid} : owner_address isn't set.`,
    )
    expect(await words({ owner_address }, 'triggersmartcontract')).toBe(
      `${invalid} : contract_address isn't set.`,
    )
    expect(await words({ owner_address })).toBe(
      `${invalid} : At least one of contract_address and data must be set.`,
    )
    expect(await words({ owner_address, data: '00', function_selector: 'a()' })).toBe(
      `${invalid} : While trying to deploy, function_selector and data can not be both set.`,
    )
    expect(await words({ owner_address: devnet.accounts.alice.address, data: '00' })).toBe(
      `${PARSE} : 1:18: INVALID hex String`,
    )
  })

  it('take an odd number of hex digits, with a zero before them', async () => {
    expect((await call({ data: '0' })).constant_result).toEqual([''])
    // One nibble of ADD, where 0x10 would be LT.
    expect(fromHex((await call({ data: '1' })).result.message)).toContain(
      'Expected stack size 2 but actual 0',
    )
  })

  it('of what is no contract, and with TRX that is not there, are refused', async () => {
    const refused = async (fields: Record<string, unknown>) => {
      const { result } = await call(fields)
      expect(result.code).toBe('CONTRACT_VALIDATE_ERROR')
      return fromHex(result.message)
    }
    expect(await refused({ contract_address: hexOf(devnet.accounts.bob.address), data: '' })).toBe(
      'Smart contract is not exist.',
    )
    expect(await refused({ data: '00', call_value: 99_000_000_000 })).toBe(
      'Validate InternalTransfer error, balance is not sufficient.',
    )
  })
})

describe('failures of transactions', () => {
  const receipt = async (runtime: string, feeLimit: number) => {
    const { address } = await deployWith(alice(), { abi: [], bytecode: wrapRuntime(runtime) })
    const { transaction } = await alice().transactionBuilder.triggerSmartContract(address, 'any()', {
      feeLimit,
    })
    await alice().trx.sendRawTransaction(await alice().trx.sign(transaction))
    const info = await alice().trx.getTransactionInfo(transaction.txID)
    return { ...info.receipt, words: fromHex(info.resMessage ?? '') }
  }

  it('out of energy name the operation and the figures', async () => {
    expect(await receipt('6001600055', 1_000_000)).toMatchObject({
      result: 'OUT_OF_ENERGY',
      energy_usage_total: 10_000,
      words:
        "Not enough energy for 'SSTORE' operation executing: curInvokeEnergyLimit[10000], curOpEnergy[20000], usedEnergy[6]",
    })
    // A call that cannot pay its own price says it otherwise.
    expect((await receipt('5f5f5f5f600160aa5af1', 1_000_000)).words).toMatch(
      /^Not enough energy for 'CALL' operation executing: opEnergy\[34040\], programEnergy\[99\d\d\]$/,
    )
  })

  it('out of memory, and a write in a static call, have their own words', async () => {
    expect(await receipt('623000015100', 10_000_000)).toMatchObject({
      result: 'OUT_OF_MEMORY',
      words: "Out of Memory when 'MLOAD' operation executing",
    })
  })
})

describe('requests', () => {
  it('may come as a form', async () => {
    const address = hexOf(devnet.accounts.alice.address)
    const form = await send('wallet/getaccount', `address=${address}`, 'application/x-www-form-urlencoded')
    expect((await form.json()).address).toBe(address)
    const json = await send(
      'wallet/getaccount',
      JSON.stringify({ address }),
      'application/x-www-form-urlencoded',
    )
    expect((await json.json()).address).toBe(address)
  })

  it('with a body above 4 MiB are answered with 200 and an error, calls in their result', async () => {
    const body = `{"address":"${'x'.repeat(4_200_000)}"}`
    const response = await send('wallet/getaccount', body)
    expect(response.status).toBe(200)
    expect((await response.json()).Error).toBe(
      'class java.lang.Exception : body size is too big, the limit is 4194304',
    )
    const { result } = await (await send('wallet/triggerconstantcontract', body)).json()
    expect(fromHex(result.message)).toContain('body size is too big')
  })

  it('to what is not there get a page and 405', async () => {
    for (const path of ['wallet/nope', 'nope', 'wallet/getaccount/more']) {
      const response = await send(path, '{}')
      expect(response.status).toBe(405)
      expect(response.headers.get('content-type')).toContain('text/html')
      expect(await response.text()).toContain('HTTP ERROR 405 HTTP method POST is not supported by this URL')
    }
  })
})

describe('a devnet like a node', () => {
  it('sends no CORS headers, has /walletsolidity at its own port, and nothing that a node has not', async () => {
    const node = await startDevnet({ likeNode: true })
    const ask = (url: string, path: string) =>
      fetch(`${url}/${path}`, { headers: { origin: 'https://a.example' } })
    const block = await ask(node.url, 'wallet/getnowblock')
    expect(block.status).toBe(200)
    expect([...block.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
    const preflight = await fetch(`${node.url}/wallet/getnowblock`, { method: 'OPTIONS' })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
    for (const path of [
      'v1/blocks/latest/events',
      'faucet',
      'explorer',
      'walletsolidity/getnowblock',
      'devnet/status',
    ])
      expect((await ask(node.url, path)).status, path).toBe(405)
    expect(node.solidityUrl).not.toBe(node.url)
    expect((await ask(node.solidityUrl, 'walletsolidity/getnowblock')).status).toBe(200)
    expect((await ask(node.solidityUrl, 'wallet/getnowblock')).status).toBe(405)
    await node.stop()
  })

  it('may have any of it by itself', async () => {
    const node = await startDevnet({ cors: false, extras: false })
    expect(
      (await fetch(`${node.url}/walletsolidity/getnowblock`)).headers.get('access-control-allow-origin'),
    ).toBeNull()
    expect((await fetch(`${node.url}/explorer`)).status).toBe(405)
    await node.stop()
    const own = await startDevnet({ solidityPort: 0 })
    const response = await fetch(`${own.solidityUrl}/walletsolidity/getnowblock`)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect((await fetch(`${own.url}/explorer`)).status).toBe(200)
    await own.stop()
  })

  it('refuses calls without a transaction where they are not supported, as a node ships', async () => {
    const node = await startDevnet({ supportConstant: false })
    const { token } = await deployContracts(node)
    const ask = async (path: string, fields: Record<string, unknown>) => {
      const owner_address = hexOf(node.accounts.alice.address)
      const response = await fetch(`${node.url}/wallet/${path}`, {
        method: 'POST',
        body: JSON.stringify({ owner_address, ...fields }),
      })
      const { result } = await response.json()
      expect(result.code).toBe('CONTRACT_VALIDATE_ERROR')
      return fromHex(result.message)
    }
    const read = { contract_address: hexOf(token), function_selector: 'name()' }
    expect(await ask('triggerconstantcontract', read)).toBe('this node does not support constant')
    expect(await ask('triggersmartcontract', read)).toBe('this node does not support constant')
    expect(await ask('triggerconstantcontract', { data: '00' })).toBe('this node does not support constant')
    expect(await ask('estimateenergy', read)).toBe(
      'this node does not support constant, so estimate energy cannot work',
    )
    await node.stop()
  })
})
