import type { TronWeb } from 'tronweb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDemoAccount, type DemoAccount } from './chain/demo-accounts.ts'
import { type Devnet, startDevnet } from './index.ts'
import { connectTronWeb } from './testing/connect-tronweb.ts'

let devnet: Devnet
const keys = ['one', 'two', 'three', 'four'].map((label) => createDemoAccount(`multi-signature ${label}`))
const stranger = createDemoAccount('multi-signature stranger')
let tronWeb: TronWeb
let treasury: DemoAccount
let hex: (account: DemoAccount) => string
let updateTxId: string

beforeAll(async () => {
  devnet = await startDevnet({ chainLabel: 'multi-signature test' })
  treasury = devnet.accounts.carol
  tronWeb = connectTronWeb(devnet, treasury)
  hex = ({ address }) => tronWeb.address.toHex(address)
  const weighted = keys.map((key) => ({ address: hex(key), weight: 1 }))
  const owner = { type: 0, permission_name: 'owner', threshold: 3, keys: weighted }
  const transfersOnly = { operations: bitmap([1]), type: 2, keys: weighted }
  const actives = [
    { ...transfersOnly, permission_name: 'three of four', threshold: 3 },
    { ...transfersOnly, permission_name: 'one of four', threshold: 1, operations: bitmap([31]) },
  ]
  const update = await tronWeb.transactionBuilder.updateAccountPermissions(
    treasury.address,
    owner as never,
    undefined as never,
    actives as never,
  )
  const answer = await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(update))
  expect(answer.result).toBe(true)
  updateTxId = answer.txid
})
afterAll(() => devnet.stop())

function bitmap(types: readonly number[]): string {
  const bytes = new Uint8Array(32)
  for (const type of types) bytes[type >> 3]! |= 1 << (type & 7)
  return Buffer.from(bytes).toString('hex')
}

const transfer = (permissionId: number) =>
  tronWeb.transactionBuilder.sendTrx(devnet.accounts.bob.address, 1, treasury.address, { permissionId })
const words = (message: string | undefined) => Buffer.from(message ?? '', 'hex').toString()

/** Signs as each of the keys does in its own wallet: one after the other, the node asked each time. */
async function signWith(signers: readonly DemoAccount[], permissionId: number) {
  let signed: unknown = await transfer(permissionId)
  for (const signer of signers) {
    signed = await tronWeb.trx.multiSign(signed as never, signer.privateKey.slice(2), permissionId)
  }
  type Sent = Parameters<typeof tronWeb.trx.sendRawTransaction>[0]
  return signed as Sent & Parameters<typeof tronWeb.trx.getSignWeight>[0]
}

describe('an account of four keys', () => {
  it('costs 100 TRX to make, and shows its permissions', async () => {
    const account = await tronWeb.trx.getAccount(treasury.address)
    expect(account.owner_permission).toMatchObject({ threshold: 3, permission_name: 'owner' })
    expect(account.active_permission.map(({ id, threshold }) => [id, threshold])).toEqual([
      [2, 3],
      [3, 1],
    ])
    const { fee, receipt } = await tronWeb.trx.getTransactionInfo(updateTxId)
    expect(fee).toBe(100_000_000 + (receipt.net_fee ?? 0))
  })

  it('pays with three of four signatures through tronweb, for 1 TRX more', async () => {
    const signed = await signWith(keys.slice(0, 3), 2)
    const weight = await tronWeb.trx.getSignWeight(signed)
    expect(weight.current_weight).toBe(3)
    expect(weight.result).toEqual({})
    const approved = await tronWeb.trx.getApprovedList(signed)
    expect(approved.approved_list).toEqual(keys.slice(0, 3).map(hex))
    expect(await tronWeb.trx.sendRawTransaction(signed)).toMatchObject({ result: true })
    expect((await tronWeb.trx.getTransactionInfo(signed.txID)).fee).toBe(1_000_000)
  })

  it('pays with the owner permission too', async () => {
    const signed = await signWith(keys.slice(1), 0)
    expect(await tronWeb.trx.sendRawTransaction(signed)).toMatchObject({ result: true })
  })

  it('refuses two signatures: SIGERROR, “sig error” (java-tron, TransactionCapsule.validatePubSignature)', async () => {
    const signed = await signWith(keys.slice(0, 2), 2)
    const weight = await tronWeb.trx.getSignWeight(signed)
    expect(weight).toMatchObject({ current_weight: 2, result: { code: 'NOT_ENOUGH_PERMISSION' } })
    const answer = await tronWeb.trx.sendRawTransaction(signed)
    expect(answer.code).toBe('SIGERROR')
    expect(words(answer.message)).toBe('Validate signature error: sig error')
  })

  it('refuses the key that it had before, a stranger’s, and one key twice (java-tron, checkWeight)', async () => {
    const crypto = tronWeb.utils.crypto
    const sign = (signers: readonly DemoAccount[]) => async () => {
      const unsigned = await transfer(2)
      const signature = signers.map(({ privateKey }) =>
        crypto.ECKeySign(
          Uint8Array.from(Buffer.from(unsigned.txID, 'hex')) as never,
          Uint8Array.from(Buffer.from(privateKey.slice(2), 'hex')) as never,
        ),
      )
      return { signature, answer: await tronWeb.trx.sendRawTransaction({ ...unsigned, signature } as never) }
    }
    for (const outsider of [treasury, stranger]) {
      const { signature, answer } = await sign([keys[0]!, keys[1]!, outsider])()
      expect(words(answer.message)).toBe(
        `Validate signature error: ${signature[2]!.toLowerCase()} is signed by ${outsider.address} but it is not contained of permission.`,
      )
    }
    const twice = await sign([keys[0]!, keys[1]!, keys[0]!])()
    expect(words(twice.answer.message)).toBe(
      `Validate signature error: ${keys[0]!.address} has signed twice!`,
    )
    const five = await sign([...keys, keys[0]!])()
    expect(words(five.answer.message)).toContain(
      'Signature count is 5 more than key counts of permission : 4',
    )
  })

  it('refuses what a permission does not name, and a permission that is not there', async () => {
    const sent = async (permissionId: number) => {
      const unsigned = await transfer(permissionId)
      const [signature] = tronWeb.utils.crypto.signTransaction(
        keys[0]!.privateKey.slice(2),
        structuredClone(unsigned),
      ).signature
      return tronWeb.trx.sendRawTransaction({ ...unsigned, signature: [signature] } as never)
    }
    expect(words((await sent(3)).message)).toBe('Validate signature error: Permission denied')
    expect(words((await sent(7)).message)).toBe("Validate signature error: permission isn't exit")
  })
})

describe('updates of permissions', () => {
  const send = async (change: (permission: Record<string, unknown>) => void) => {
    const alice = connectTronWeb(devnet, devnet.accounts.alice)
    const own = { address: alice.address.toHex(devnet.accounts.alice.address), weight: 1 }
    const active = { type: 2, permission_name: 'a', threshold: 1, operations: bitmap([1]), keys: [own] }
    change(active)
    const body = {
      owner_address: own.address,
      owner: { permission_name: 'owner', threshold: 1, keys: [own] },
      actives: [active],
    }
    const unsigned = await fetch(`${devnet.url}/wallet/accountpermissionupdate`, {
      method: 'POST',
      body: JSON.stringify(body),
    }).then((response) => response.json())
    const answer = await alice.trx.sendRawTransaction(await alice.trx.sign(unsigned))
    return words(answer.message)
  }

  it.each([
    ['no keys', { keys: [] }, "key's count should be greater than 0"],
    ['a threshold of 0', { threshold: 0 }, "permission's threshold should be greater than 0"],
    [
      'a threshold beyond the weights',
      { threshold: 2 },
      "sum of all key's weight should not be less than threshold in permission Active",
    ],
    ['operations of the wrong size', { operations: '00' }, 'operations size must 32'],
    ['a contract type that is none', { operations: bitmap([200]) }, "200 isn't a validate ContractType"],
    ['a long name', { permission_name: 'x'.repeat(33) }, "permission's name is too long"],
    ['a type that is not active', { type: 0 }, 'active permission type is error'],
  ])(
    'with %s are refused as java-tron’s AccountPermissionUpdateActuator does',
    async (_name, change, reason) => {
      expect(await send((active) => Object.assign(active, change))).toBe(
        `Contract validate error : ${reason}`,
      )
    },
  )
})
