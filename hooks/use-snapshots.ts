'use client'
import type { EarnSnapshot } from '@/lib/features/earn/index.ts'
import { INITIAL_EARN } from '@/lib/features/earn/initial.ts'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { INITIAL_LIBRARY } from '@/lib/features/library/initial.ts'
import type { PaySnapshot } from '@/lib/features/pay/index.ts'
import { INITIAL_PAY } from '@/lib/features/pay/initial.ts'
import type { WalletSnapshot } from '@/lib/features/wallet/index.ts'
import { INITIAL_WALLET } from '@/lib/features/wallet/initial.ts'
import type { AppSnapshot } from '@/lib/site/index.ts'
import { INITIAL_APP } from '@/lib/site/initial.ts'
import { useNode } from './use-node.ts'
import { useStore } from './use-store.ts'

export const useApp = (): AppSnapshot => useStore(useNode()?.app ?? null, INITIAL_APP)
export const useTorrents = (): readonly WatchSnapshot[] =>
  useStore(useNode()?.torrents ?? null, INITIAL_LIBRARY)
export const useWallet = (): WalletSnapshot => useStore(useNode()?.wallet ?? null, INITIAL_WALLET)
export const usePay = (): PaySnapshot => useStore(useNode()?.pay ?? null, INITIAL_PAY)
export const useEarn = (): EarnSnapshot => useStore(useNode()?.earn ?? null, INITIAL_EARN)
/** One torrent's snapshot, or null while the list does not hold it. */
export const useTorrent = (infoHash: string | null): WatchSnapshot | null =>
  useTorrents().find((torrent) => torrent.infoHash === infoHash) ?? null
