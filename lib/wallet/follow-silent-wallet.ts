/** For wallets whose adapters tell of nothing: the page looks by itself whether another account was chosen. */
import { type Address, parseAddress } from '../tron/index.ts'
import { injectedPage } from './injected-page.ts'
import type { KnownWallet } from './known-wallets.ts'

/** Reading a property costs nothing; a person sees the change at once. */
const LOOK_MS = 500

/** The account that a wallet shows in the page; null while it shows none. */
export function readInjectedAccount({ getTronWeb }: KnownWallet): Address | null {
  try {
    return parseAddress((getTronWeb(injectedPage()) || null)?.defaultAddress?.base58)
  } catch {
    return null
  }
}

/** Calls `onChange` each time that another account, or none, is shown. Does nothing for a wallet that shows none at the start. Returns its end. */
export function followSilentWallet(wallet: KnownWallet, onChange: () => void): () => void {
  let shown = readInjectedAccount(wallet)
  if (!shown) return () => undefined
  const timer = setInterval(() => {
    const now = readInjectedAccount(wallet)
    if (now === shown) return
    shown = now
    onChange()
  }, LOOK_MS)
  return () => clearInterval(timer)
}
