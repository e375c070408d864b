'use client'
import type { AppSnapshot, EarnSnapshot, PaySnapshot, WalletSnapshot, WatchSnapshot } from '@/lib/site/index.ts'
import { ZERO_AMOUNT } from '@/lib/units/index.ts'
import { useNode } from './use-node.ts'
import { useStore } from './use-store.ts'

const APP: AppSnapshot = { role: 'starting', problem: null, consent: null, config: null, storage: null }
const TORRENTS: readonly WatchSnapshot[] = []
const WALLET: WalletSnapshot = { status: 'disconnected', problem: null, tronlinkFound: false }
const PAY: PaySnapshot = { status: 'free', problem: null }
const EARN: EarnSnapshot = {
  status: 'off',
  redeemable: ZERO_AMOUNT,
  asksForSignature: false,
  problem: null,
}

export const useApp = (): AppSnapshot => useStore(useNode()?.app ?? null, APP)
export const useTorrents = (): readonly WatchSnapshot[] => useStore(useNode()?.torrents ?? null, TORRENTS)
export const useWallet = (): WalletSnapshot => useStore(useNode()?.wallet ?? null, WALLET)
export const usePay = (): PaySnapshot => useStore(useNode()?.pay ?? null, PAY)
export const useEarn = (): EarnSnapshot => useStore(useNode()?.earn ?? null, EARN)
/** One torrent's snapshot, or null while the list does not hold it. */
export const useTorrent = (infoHash: string | null): WatchSnapshot | null =>
  useTorrents().find((torrent) => torrent.infoHash === infoHash) ?? null
