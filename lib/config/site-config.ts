/** What the site's operator wrote into public/config.json, checked. */
import type { Network } from '../tron/index.ts'
import type { Amount } from '../units/index.ts'

/** What a fee is worth in earnings, as the site's operator wrote it down: nobody is asked for it. */
export interface Rates {
  /** The day on which it was right, its first moment. */
  readonly asOfMs: number
  /** What one TRX buys. */
  readonly bttPerTrx: Amount
}

/** public/config.json, checked. */
export interface SiteConfig {
  readonly network: Network
  readonly trackers: readonly string[]
  readonly iceServers: readonly RTCIceServer[]
  /** Torrents offered on the front page; the first is the demo. Link to a .torrent on this site. */
  readonly demos: readonly {
    readonly title: string
    readonly torrentUrl: string
    readonly infoHash: string
    readonly posterUrl: string | null
    readonly captionsUrl: string | null
  }[]
  readonly explorerUrl: string | null
  /** null: unknown, so fees are not weighed. */
  readonly rates: Rates | null
}
