/** Which wallets there are: those in this browser under the names that they announce, then the others with where to get them. */
import { type Announcement, collectAnnouncements } from './announcements.ts'
import { type InjectedPage, injectedPage } from './injected-page.ts'
import { KNOWN_WALLETS, type KnownWallet, type KnownWalletKind, STRANGER } from './known-wallets.ts'

export interface WalletOffer {
  readonly kind: KnownWalletKind | typeof STRANGER.kind
  /** Its own name where it announces one: a stranger's text. */
  readonly name: string
  /** A data: URI of an image, or null. */
  readonly icon: string | null
  readonly isHere: boolean
  /** Where to get it; null where it is here. */
  readonly url: string | null
}

/** Connects to none of them. Empty in Node. Never throws. */
export async function findWallets(): Promise<readonly WalletOffer[]> {
  if (typeof window === 'undefined') return []
  return listWallets(await collectAnnouncements(), injectedPage())
}

/** Those that are here come first. */
export function listWallets(
  announcements: readonly Announcement[],
  page: InjectedPage,
): readonly WalletOffer[] {
  const known = KNOWN_WALLETS.map((wallet): WalletOffer => {
    const announced = announcements.find((announcement) => isOf(announcement, wallet))
    const isHere = isFound(wallet, announcements) || isInjected(wallet, page)
    return {
      kind: wallet.kind,
      name: announced?.name ?? wallet.name,
      icon: announced?.icon ?? null,
      isHere,
      url: isHere ? null : wallet.url,
    }
  })
  const stranger = findStranger(announcements, page, known)
  return [
    ...known.filter(({ isHere }) => isHere),
    ...(stranger ? [stranger] : []),
    ...known.filter(({ isHere }) => !isHere),
  ]
}

const isOf = ({ name, rdns }: Announcement, { announces }: KnownWallet): boolean =>
  announces.includes(name) || announces.includes(rdns)

/** Adapters that listen for announcements look for the exact name. */
const isFound = (wallet: KnownWallet, announcements: readonly Announcement[]): boolean =>
  wallet.isFoundByName === true && announcements.some(({ name }) => name === wallet.announces[0])

function isInjected(wallet: KnownWallet, page: InjectedPage): boolean {
  try {
    return wallet.isInjected(page)
  } catch {
    // A global of somebody else's, whose getters throw.
    return false
  }
}

/**
 * Who stands behind TronLink's globals where TronLink does not announce itself: a wallet of no list under its own name, or one that
 * gives none. Where a wallet of the list is here, the globals are taken for its own.
 */
function findStranger(
  announcements: readonly Announcement[],
  page: InjectedPage,
  known: readonly WalletOffer[],
): WalletOffer | null {
  const isTronLinkHere = known.some(({ kind, isHere }) => kind === 'tronlink' && isHere)
  if (isTronLinkHere || !isInjected(STRANGER, page)) return null
  const strangers = announcements.filter(
    (announcement) => !KNOWN_WALLETS.some((wallet) => isOf(announcement, wallet)),
  )
  const owner = strangers.find(({ provider }) => provider === page.tron || provider === page.tronLink)
  if (!owner && known.some(({ isHere }) => isHere)) return null
  const announced = owner ?? (strangers.length === 1 ? strangers[0] : null)
  return {
    kind: STRANGER.kind,
    name: announced?.name ?? STRANGER.name,
    icon: announced?.icon ?? null,
    isHere: true,
    url: null,
  }
}
