/** Test only: a devnet with the contracts, accounts made at will, and what each of them holds. */
import { randomBytes } from 'node:crypto'
import { type Devnet, deployContracts, startDevnet } from '../../devnet/index.ts'
import { type Chain, connectChain } from '../../lib/channels/index.ts'
import { createStranger, type Stranger } from '../../lib/payments/testing/stranger.ts'
import { type Address, addressOfPrivateKey, type Network, signDigest } from '../../lib/tron/index.ts'
import { type FeeSun, toAmount, toFeeSun } from '../../lib/units/index.ts'
import { createKeySigner } from '../../lib/wallet/key-signer.ts'

export const BTT = 10n ** 18n
export const SUN_PER_TRX = 1_000_000n

export interface MoneyWorld {
  readonly devnet: Devnet
  readonly network: Network
  readonly chain: Chain
  /** A new account with TRX and BTT. */
  makeAccount(funds: { readonly trx: bigint; readonly btt: bigint }): Promise<{
    readonly privateKey: string
    readonly wallet: ReturnType<typeof createKeySigner>
  }>
  /** A payer by hand, with a purse that holds all its BTT. */
  makePayer(btt: bigint): Promise<Stranger>
  trxOf(address: Address): Promise<FeeSun>
  stop(): Promise<void>
}

export async function startMoneyWorld(): Promise<MoneyWorld> {
  const devnet = await startDevnet()
  const network = devnet.toNetwork(await deployContracts(devnet))
  const chain = await connectChain(network)
  const makeAccount: MoneyWorld['makeAccount'] = async ({ trx, btt }) => {
    const privateKey = randomBytes(32).toString('hex')
    const wallet = createKeySigner(privateKey)
    const gift = { trxSun: toFeeSun(trx * SUN_PER_TRX), bttAmount: toAmount(btt * BTT) }
    await devnet.fundAccount(wallet.address, gift)
    return { privateKey, wallet }
  }
  return {
    devnet,
    network,
    chain,
    makeAccount,
    async makePayer(btt) {
      const { wallet } = await makeAccount({ trx: 5_000n, btt })
      const key = randomBytes(32)
      const signer = {
        address: addressOfPrivateKey(key),
        sign: async (digest: Uint8Array) => signDigest(key, digest),
      }
      const payer = createStranger({ chain, wallet, signer })
      await payer.fund(toAmount(btt * BTT))
      return payer
    },
    trxOf: (address) => chain.getTrxBalance(address),
    stop: () => devnet.stop(),
  }
}
