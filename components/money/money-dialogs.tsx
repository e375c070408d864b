'use client'
import { ReceiptsDialog } from '../receipts/receipts-dialog.tsx'
import { ConnectDialog } from '../wallet/connect-dialog.tsx'
import { BudgetDialog } from './budget-dialog.tsx'
import { SettleDialog } from './settle-dialog.tsx'
import { TopUpDialog } from './top-up-dialog.tsx'

export type OpenDialog = 'nothing' | 'connect' | 'budget' | 'topUp' | 'settle' | 'receipts'

export interface MoneyDialogsProps {
  /** The torrent on screen, which a budget chosen here is for. */
  readonly infoHash: string | null
  readonly open: OpenDialog
  onClose(): void
  onConnected(): void
}

/** What the money bar opens, one at a time. */
export function MoneyDialogs({ infoHash, open, onClose, onConnected }: MoneyDialogsProps) {
  return (
    <>
      <ConnectDialog open={open === 'connect'} onClose={onClose} onConnected={onConnected} />
      <BudgetDialog infoHash={infoHash} open={open === 'budget'} onClose={onClose} />
      <TopUpDialog infoHash={infoHash} open={open === 'topUp'} onClose={onClose} />
      <SettleDialog open={open === 'settle'} onClose={onClose} />
      <ReceiptsDialog open={open === 'receipts'} onClose={onClose} />
    </>
  )
}
