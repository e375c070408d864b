/** What wallets put on `window`: as they are known to, and not to be trusted. */

export interface InjectedTronWeb {
  readonly defaultAddress?: { readonly base58?: unknown }
}
/** A provider, old or new: what it signs with is false until its owner let this site in. */
export interface InjectedProvider {
  readonly tronWeb?: InjectedTronWeb | false
  readonly isTronLink?: unknown
  readonly isBackpack?: unknown
}
interface Holder {
  readonly tron?: InjectedProvider
  readonly tronLink?: InjectedProvider
  readonly tronWeb?: InjectedTronWeb
}

export interface InjectedPage extends Holder {
  readonly iTron?: unknown
  readonly tokenpocket?: Holder
  readonly okxwallet?: Holder
  readonly isBitKeep?: unknown
  readonly bitkeep?: Holder
  readonly trustwallet?: Holder
  readonly imToken?: unknown
  readonly gatewallet?: Holder
  readonly bybitWallet?: Holder
  readonly foxwallet?: Holder
  readonly guarda?: Holder
  readonly safepalTronProvider?: InjectedProvider
  readonly safepalwallet?: Holder
  readonly $onekey?: Holder
  readonly backpack?: Holder
}

export const injectedPage = (): InjectedPage => window as unknown as InjectedPage
