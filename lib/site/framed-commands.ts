/** The commands about money of a page in a frame: each refuses, in words. */
import { describeCode, type Outcome } from '../kernel/index.ts'
import type { MoneyCommands } from './node.ts'

export function createFramedCommands(): MoneyCommands {
  const problem = describeCode('framed')
  const refuse = async (): Promise<Outcome> => ({ status: 'failed', problem })
  const ignore = (): void => undefined
  return {
    findWallets: async () => undefined,
    connectWallet: refuse,
    disconnectWallet: async () => undefined,
    switchNetwork: refuse,
    refreshBalances: async () => undefined,
    requestFaucet: refuse,
    previewRevoke: async () => ({ status: 'unknown', problem }),
    revokeAllowance: refuse,
    fillDemoWallet: refuse,
    exportDemoWallet: async () => null,
    previewFees: async () => ({ status: 'unknown', problem }),
    refuseHighFees: ignore,
    startPaying: refuse,
    payHere: refuse,
    watchFreeHere: refuse,
    stopPaying: ignore,
    resumePaying: refuse,
    readBlocks: refuse,
    stopReadingBlocks: ignore,
    openRecoveryFile: refuse,
    makeRecoveryFile: async () => null,
    takeBack: refuse,
    topUp: refuse,
    openMoreSeats: refuse,
    tip: refuse,
    previewSettle: async () => ({ status: 'unknown', problem }),
    settle: refuse,
    dismissSettlement: ignore,
    startEarning: refuse,
    stopEarning: ignore,
    previewRedeem: async () => ({ status: 'unknown', problem }),
    redeem: refuse,
  }
}
