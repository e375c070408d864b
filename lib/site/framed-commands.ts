/** The commands about money of a page in a frame: each refuses, in words. */
import { describeCode } from '../kernel/describe-error.ts'
import type { NodeCommands, Outcome } from './node.ts'
import type { PayCommands } from '../features/pay/pay.ts'
import type { WalletSession } from '../features/wallet/wallet.ts'

type EarnCommands = Pick<NodeCommands, 'startEarning' | 'stopEarning' | 'redeem'>
type MoneyCommands = PayCommands & EarnCommands & WalletSession['commands']

export function createFramedCommands(): MoneyCommands {
  const problem = describeCode('framed')
  const refuse = async (): Promise<Outcome> => ({ status: 'failed', problem })
  const ignore = (): void => undefined
  return {
    connectWallet: refuse,
    disconnectWallet: async () => undefined,
    switchNetwork: refuse,
    refreshBalances: async () => undefined,
    requestFaucet: refuse,
    previewFees: async () => ({ status: 'unknown', problem }),
    startPaying: refuse,
    payHere: refuse,
    watchFreeHere: refuse,
    stopPaying: ignore,
    resumePaying: refuse,
    openMoreSeats: refuse,
    tip: refuse,
    settle: refuse,
    dismissSettlement: ignore,
    startEarning: refuse,
    stopEarning: ignore,
    redeem: refuse,
  }
}
