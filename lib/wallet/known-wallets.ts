/** The wallets that the page can drive through an adapter, as data: another one is an entry here and a file in `adapters/`. */
import type { InjectedPage, InjectedTronWeb } from './injected-page.ts'
import type { CreateAdapter } from './wallet-adapter.ts'

export interface KnownWallet {
  readonly kind: string
  /** What it is called where it does not announce itself. */
  readonly name: string
  /** By what it is known when it announces itself (TIP-6963): its `name` or its `rdns`. */
  readonly announces: readonly string[]
  /** True where its adapter finds it by its announcement; others need what they put on `window`. */
  readonly isFoundByName?: true
  /** Whether it put there what its adapter looks for. */
  isInjected(page: InjectedPage): boolean
  /** What it signs with, where it shows the account that is chosen. */
  getTronWeb(page: InjectedPage): InjectedTronWeb | false | null | undefined
  /** Its adapter says nothing when another account is chosen: the page has to look. */
  readonly isSilent?: true
  /** Where people get it. */
  readonly url: string
  load(): Promise<{ readonly createAdapter: CreateAdapter }>
}

/** In the order in which they are shown. */
export const KNOWN_WALLETS = [
  {
    kind: 'tronlink',
    name: 'TronLink',
    announces: ['TronLink', 'org.tronlink.www'],
    isFoundByName: true,
    // What else it injects, others inject as well; this only its app has.
    isInjected: ({ iTron, tronLink }) => Boolean(iTron && tronLink),
    getTronWeb: ({ tron, tronLink }) => tron?.tronWeb || tronLink?.tronWeb,
    url: 'https://www.tronlink.org/',
    load: () => import('./adapters/tronlink.ts'),
  },
  {
    kind: 'tokenpocket',
    name: 'TokenPocket',
    announces: ['TokenPocket', 'pro.tokenpocket'],
    isFoundByName: true,
    isInjected: ({ tokenpocket, tronWeb }) => Boolean(tokenpocket && tronWeb),
    getTronWeb: ({ tokenpocket }) => tokenpocket?.tron?.tronWeb || tokenpocket?.tronWeb,
    url: 'https://tokenpocket.pro/',
    load: () => import('./adapters/tokenpocket.ts'),
  },
  {
    kind: 'okx',
    name: 'OKX Wallet',
    announces: ['OKX Wallet', 'com.okex.wallet'],
    isInjected: ({ okxwallet }) => Boolean(okxwallet?.tronLink),
    getTronWeb: ({ okxwallet }) => okxwallet?.tronLink?.tronWeb,
    url: 'https://web3.okx.com/',
    load: () => import('./adapters/okx.ts'),
  },
  {
    kind: 'bitget',
    name: 'Bitget Wallet',
    announces: ['Bitget Wallet', 'com.bitget.web3'],
    isInjected: ({ isBitKeep, bitkeep, tronLink }) => Boolean(isBitKeep && bitkeep?.tronLink && tronLink),
    getTronWeb: ({ bitkeep }) => bitkeep?.tronWeb ?? bitkeep?.tronLink?.tronWeb,
    isSilent: true,
    url: 'https://web3.bitget.com/',
    load: () => import('./adapters/bitget.ts'),
  },
  {
    kind: 'trust',
    name: 'Trust Wallet',
    announces: ['Trust Wallet', 'com.trustwallet.app'],
    isInjected: ({ trustwallet }) => Boolean(trustwallet?.tronLink),
    getTronWeb: ({ trustwallet }) => trustwallet?.tronLink?.tronWeb,
    url: 'https://trustwallet.com/',
    load: () => import('./adapters/trust.ts'),
  },
  {
    kind: 'imtoken',
    name: 'imToken',
    announces: ['imToken', 'im.token.app'],
    isInjected: ({ imToken, tronWeb }) => Boolean(imToken && tronWeb),
    getTronWeb: ({ tronWeb }) => tronWeb,
    isSilent: true,
    url: 'https://token.im/',
    load: () => import('./adapters/imtoken.ts'),
  },
  {
    kind: 'gate',
    name: 'Gate Wallet',
    announces: ['Gate Wallet', 'io.gate.wallet'],
    isInjected: ({ gatewallet }) => Boolean(gatewallet?.tronLink),
    getTronWeb: ({ gatewallet }) => gatewallet?.tron?.tronWeb || gatewallet?.tronLink?.tronWeb,
    url: 'https://www.gate.io/web3',
    load: () => import('./adapters/gate.ts'),
  },
  {
    kind: 'bybit',
    name: 'Bybit Wallet',
    announces: ['Bybit Wallet', 'com.bybit'],
    isInjected: ({ bybitWallet }) => Boolean(bybitWallet?.tronLink),
    getTronWeb: ({ bybitWallet }) => bybitWallet?.tronLink?.tronWeb,
    url: 'https://www.bybit.com/web3',
    load: () => import('./adapters/bybit.ts'),
  },
  {
    kind: 'safepal',
    name: 'SafePal',
    announces: ['SafePal', 'com.safepal'],
    isInjected: ({ safepalTronProvider, safepalwallet, tronWeb }) =>
      Boolean((safepalTronProvider && tronWeb) || safepalwallet?.tron),
    getTronWeb: ({ safepalTronProvider, safepalwallet }) =>
      safepalTronProvider?.tronWeb ?? safepalwallet?.tron?.tronWeb,
    isSilent: true,
    url: 'https://www.safepal.com/download',
    load: () => import('./adapters/safepal.ts'),
  },
  {
    kind: 'onekey',
    name: 'OneKey',
    announces: ['OneKey', 'so.onekey.app.wallet'],
    isInjected: ({ $onekey }) => Boolean($onekey?.tron),
    getTronWeb: ({ $onekey }) => $onekey?.tron?.tronWeb,
    url: 'https://onekey.so/download',
    load: () => import('./adapters/onekey.ts'),
  },
  {
    kind: 'backpack',
    name: 'Backpack',
    announces: ['Backpack', 'app.backpack'],
    isInjected: ({ backpack, tron }) => Boolean(backpack?.tron ?? tron?.isBackpack),
    getTronWeb: ({ backpack, tron }) => (backpack?.tron ?? tron)?.tronWeb,
    url: 'https://backpack.app/',
    load: () => import('./adapters/backpack.ts'),
  },
  {
    kind: 'guarda',
    name: 'Guarda',
    announces: ['Guarda', 'com.guarda'],
    isInjected: ({ guarda }) => Boolean(guarda?.tron),
    getTronWeb: ({ guarda }) => guarda?.tron?.tronWeb,
    isSilent: true,
    url: 'https://guarda.com/',
    load: () => import('./adapters/guarda.ts'),
  },
  {
    kind: 'foxwallet',
    name: 'FoxWallet',
    announces: ['FoxWallet', 'com.foxwallet'],
    isInjected: ({ foxwallet }) => Boolean(foxwallet?.tronLink?.tronWeb),
    getTronWeb: ({ foxwallet }) => foxwallet?.tronLink?.tronWeb,
    isSilent: true,
    url: 'https://foxwallet.com/',
    load: () => import('./adapters/foxwallet.ts'),
  },
] as const satisfies readonly KnownWallet[]

export type KnownWalletKind = (typeof KNOWN_WALLETS)[number]['kind']

/** A wallet that is in no list and injects what TronLink injects: TronLink's adapter drives it, under its own name. */
export const STRANGER = {
  kind: 'injected',
  name: 'Browser wallet',
  announces: [],
  isInjected: ({ tron, tronLink }) => Boolean(tron?.isTronLink || tronLink),
  getTronWeb: ({ tron, tronLink }) => tron?.tronWeb || tronLink?.tronWeb,
  url: '',
  load: () => import('./adapters/tronlink.ts'),
} as const satisfies KnownWallet
