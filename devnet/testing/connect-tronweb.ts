/** For tests: tronweb as an application uses it, and the compiled contracts. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { TronWeb } from 'tronweb'
import type { DemoAccount, Devnet } from '../index.ts'

/** An unmodified tronweb with an account's key. */
export function connectTronWeb(devnet: Devnet, account: DemoAccount): TronWeb {
  return new TronWeb({ fullHost: devnet.url, privateKey: account.privateKey.slice(2) })
}

export interface CompiledContract {
  readonly abi: never[]
  /** Hex without 0x. */
  readonly bytecode: string
}

export function readArtifact(name: 'BttToken' | 'SwarmChannels'): CompiledContract {
  const path = fileURLToPath(new URL(`../../contracts/artifacts/${name}.json`, import.meta.url))
  const artifact = JSON.parse(readFileSync(path, 'utf8')) as { abi: never[]; bytecode: string }
  return { abi: artifact.abi, bytecode: artifact.bytecode.replace(/^0x/, '') }
}

/** A creation code that puts `runtime` (hex, at most 255 bytes) on the chain. */
export function wrapRuntime(runtime: string): string {
  const length = (runtime.length / 2).toString(16).padStart(2, '0')
  return `60${length}600c60003960${length}6000f3${runtime}`
}

/** Deploys through tronweb; resolves with the contract's address as "41…" hex. */
export async function deployWith(
  tronWeb: TronWeb,
  options: {
    readonly abi: never[]
    readonly bytecode: string
    readonly parameters?: unknown[]
    readonly name?: string
  },
): Promise<{ readonly address: string; readonly txId: string }> {
  const { abi, bytecode, parameters = [], name = 'Test' } = options
  const unsigned = await tronWeb.transactionBuilder.createSmartContract(
    { abi, bytecode, parameters, name, feeLimit: 5_000_000_000 },
    tronWeb.defaultAddress.base58 as string,
  )
  const answer = await tronWeb.trx.sendRawTransaction(await tronWeb.trx.sign(unsigned))
  if (!answer.result) throw new Error(`deployment refused: ${JSON.stringify(answer)}`)
  return { address: unsigned.contract_address as string, txId: unsigned.txID }
}
