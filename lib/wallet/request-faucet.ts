/** Test coins for an address, from the faucet that the network names. */

import { TransportError } from '../base/index.ts'
import type { Address, Network } from '../tron/index.ts'

/** The gift may wait for a block or two. */
const TIMEOUT_MS = 15_000

/** Resolves once the faucet has given. Throws TransportError 'faucet-refused' or 'faucet-unreachable'. */
export async function requestFaucet(network: Network, address: Address): Promise<void> {
  if (!network.faucetUrl || !network.isTestnet)
    throw new TransportError('faucet-refused', 'This network has no faucet.')
  let response: Response
  try {
    response = await fetch(network.faucetUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ address }),
      credentials: 'omit',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
  } catch (cause) {
    throw new TransportError('faucet-unreachable', 'The faucet does not answer.', { cause })
  }
  if (!response.ok) throw new TransportError('faucet-refused', `The faucet answered ${response.status}.`)
}
