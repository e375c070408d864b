/** What adapters and extensions throw, as `WalletError`s. They agree on nothing but a few codes (TIP-1193) and words. */
import { WalletError } from '../base/index.ts'

const REJECTED = 4001
const PENDING = -32002

/** Any failure of the wallet of that name as a WalletError. What already is one passes. */
export function toWalletError(error: unknown, walletName: string): WalletError {
  if (error instanceof WalletError) return error
  const { code, name, words } = readFailure(error)
  const options = { cause: error, walletName }
  if (name === 'WalletNotFoundError')
    return new WalletError('not-installed', 'The wallet was not found in this browser.', options)
  if (code === PENDING || /already (initiated|pending)|has not been closed/i.test(words))
    return new WalletError('request-pending', 'The wallet already waits for an answer.', options)
  if (code === REJECTED || /reject|declin|cancel|denied/i.test(words))
    return new WalletError('rejected', 'The request was declined in the wallet.', options)
  if (name === 'WalletDisconnectedError' || /lock|no wallet account/i.test(words))
    return new WalletError('locked', 'The wallet is locked or has let go of this page.', options)
  return new WalletError('wallet-failed', words || 'The wallet gave no reason.', options)
}

interface Failure {
  readonly code: number | null
  readonly name: string
  readonly words: string
}

/** Adapters wrap what the extension threw in `error`; extensions also throw plain strings and objects. */
function readFailure(error: unknown): Failure {
  if (typeof error === 'string') return { code: null, name: '', words: error.slice(0, 200) }
  if (typeof error !== 'object' || error === null) return { code: null, name: '', words: '' }
  const { code, name, message, error: inner } = error as Record<string, unknown>
  const below = inner === undefined || inner === error ? null : readFailure(inner)
  return {
    code: typeof code === 'number' ? code : (below?.code ?? null),
    name: typeof name === 'string' ? name : '',
    words: typeof message === 'string' && message !== '' ? message.slice(0, 200) : (below?.words ?? ''),
  }
}
