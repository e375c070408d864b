/** The connected wallet as the payer account sees it: of one account, whatever is chosen in the wallet meanwhile. */
import { WalletError } from '../../base/index.ts'
import type { WalletConnection } from '../../wallet/index.ts'

export function toPayerWallet(
  connection: WalletConnection,
): { canSignSilently: boolean } & WalletConnection['signer']
export function toPayerWallet(
  connection: WalletConnection | null,
): ({ canSignSilently: boolean } & WalletConnection['signer']) | null
export function toPayerWallet(connection: WalletConnection | null) {
  if (!connection) return null
  const { signer, canSignSilently } = connection
  // The wallet's account may change at any moment; what is being built is for this one.
  const { address } = signer
  return {
    address,
    canSignSilently,
    async signTransaction(transaction: unknown) {
      if (signer.address !== address)
        throw new WalletError('account-changed', 'Another account was chosen in the wallet.')
      return signer.signTransaction(transaction)
    },
  }
}
