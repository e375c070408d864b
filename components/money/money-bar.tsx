'use client'
import { useState } from 'react'
import { usePay, useWallet } from '@/hooks/use-snapshots.ts'
import type { PaySnapshot } from '@/lib/node/index.ts'
import { ReceiptsDialog } from '../receipts/receipts-dialog.tsx'
import { ConnectDialog } from '../wallet/connect-dialog.tsx'
import { BudgetDialog } from './budget-dialog.tsx'
import { ChainSteps } from './chain-steps.tsx'
import { FreePanel } from './free-panel.tsx'
import { LivePanel } from './live-panel.tsx'
import { MoneyPanel } from './money-panel.tsx'
import { PAY_TITLES } from './money-words.ts'
import { SettledPanel } from './settled-panel.tsx'

type Open = 'nothing' | 'connect' | 'budget' | 'receipts'

interface MoneyPanelsProps {
  readonly pay: PaySnapshot
  readonly docked: boolean
  onPay(): void
  onReceipts(): void
}

function MoneyPanels({ pay, docked, onPay, onReceipts }: MoneyPanelsProps) {
  switch (pay.status) {
    case 'free':
      return <FreePanel problem={pay.problem} docked={docked} onPay={onPay} />
    case 'starting':
      return (
        <MoneyPanel
          title={PAY_TITLES.starting}
          tone="pay"
          docked={docked}
          summary={<ChainSteps steps={['approve', 'fund']} {...pay} />}
        />
      )
    case 'settled':
      return <SettledPanel {...pay} docked={docked} onReceipts={onReceipts} />
    default:
      return <LivePanel pay={pay} docked={docked} onReceipts={onReceipts} onConnect={onPay} />
  }
}

/** The money of this session, in whatever state it is; always in sight. */
export function MoneyBar({ docked = false }: { readonly docked?: boolean }) {
  const pay = usePay()
  const wallet = useWallet()
  const [open, setOpen] = useState<Open>('nothing')
  const close = (): void => setOpen('nothing')
  const startPaying = (): void => setOpen(wallet.status === 'connected' ? 'budget' : 'connect')
  return (
    <>
      <MoneyPanels pay={pay} docked={docked} onPay={startPaying} onReceipts={() => setOpen('receipts')} />
      <ConnectDialog
        open={open === 'connect'}
        onClose={close}
        onConnected={() => setOpen(pay.status === 'free' ? 'budget' : 'nothing')}
      />
      <BudgetDialog open={open === 'budget'} onClose={close} />
      <ReceiptsDialog open={open === 'receipts'} onClose={close} />
    </>
  )
}
