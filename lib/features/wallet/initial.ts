import type { WalletSnapshot } from './snapshot.ts'

export const INITIAL_WALLET: WalletSnapshot = { status: 'disconnected', problem: null, offers: [] }
