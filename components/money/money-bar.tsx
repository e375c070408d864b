'use client'
import dynamic from 'next/dynamic'
import { useEffect, useState } from 'react'
import { useChannelNotice } from '@/hooks/use-channel-notice.ts'
import { usePay, useTorrent, useWallet } from '@/hooks/use-snapshots.ts'
import type { LockedSnapshot, PaySnapshot } from '@/lib/features/pay/index.ts'
import { formatTrx } from '@/lib/units/index.ts'
import { OwnTab, OwnTabLink } from '../layout/own-tab.tsx'
import { notify } from '../ui/notify.ts'
import { ChainSteps } from './chain-steps.tsx'
import { FreePanel } from './free-panel.tsx'
import { LivePanel } from './live-panel.tsx'
import type { OpenDialog } from './money-dialogs.tsx'
import { MoneyPanel } from './money-panel.tsx'
import { PAY_TITLES } from './money-words.ts'
import { findOffer, type Offer } from './offer.ts'
import { SettledPanel } from './settled-panel.tsx'

const loadDialogs = () => import('./money-dialogs.tsx')
/** What opens on a click: not needed for the first paint, and there before the first click. */
const MoneyDialogs = dynamic(() => loadDialogs().then((module) => module.MoneyDialogs), { ssr: false })

interface Opened {
  readonly what: OpenDialog
  readonly infoHash: string | null
}

interface MoneyPanelsProps {
  readonly pay: PaySnapshot
  readonly infoHash: string | null
  readonly offer: Offer
  readonly docked: boolean
  onPay(): void
  onTopUp(): void
  onSettle(): void
  onReceipts(): void
}

function MoneyPanels(props: MoneyPanelsProps) {
  const { pay, infoHash, offer, docked, onPay, onTopUp, onSettle, onReceipts } = props
  switch (pay.status) {
    case 'free':
      return (
        <FreePanel
          problem={pay.problem}
          offer={offer}
          elsewhere={pay.elsewhere}
          search={pay.search}
          docked={docked}
          onPay={onPay}
        />
      )
    case 'starting':
      return (
        <MoneyPanel
          title={PAY_TITLES.starting}
          tone="pay"
          docked={docked}
          summary={<ChainSteps {...pay} />}
        />
      )
    case 'settled':
      return <SettledPanel {...pay} docked={docked} onReceipts={onReceipts} />
    default:
      return (
        <LivePanel
          pay={pay}
          infoHash={infoHash}
          docked={docked}
          onReceipts={onReceipts}
          onConnect={onPay}
          onTopUp={onTopUp}
          onSettle={onSettle}
        />
      )
  }
}

export interface MoneyBarProps {
  /** The torrent on screen, which a budget chosen here is for. */
  readonly infoHash?: string | null
  readonly docked?: boolean
}

/** The money of this session, in whatever state it is; always in sight, but in another site's frame. */
export function MoneyBar(props: MoneyBarProps) {
  return (
    <OwnTab instead={<OwnTabLink className={props.docked ? 'lg:rounded-2xl' : 'rounded-2xl'} />}>
      <OwnMoneyBar {...props} />
    </OwnTab>
  )
}

function tellOpened({ figures }: Pick<LockedSnapshot, 'figures'>): void {
  void notify('A further channel was opened, for seeders that deliver.', {
    description: `Network fees so far: ${formatTrx(figures.feeSun)}.`,
  })
}

function OwnMoneyBar({ infoHash = null, docked = false }: MoneyBarProps) {
  const pay = usePay()
  const wallet = useWallet()
  useChannelNotice(pay, tellOpened)
  const offer = findOffer(useTorrent(infoHash), infoHash !== null)
  const [opened, setOpened] = useState<Opened>({ what: 'nothing', infoHash })
  // What is open is about one torrent: when the page is led to another, it closes.
  const open = opened.infoHash === infoHash ? opened.what : 'nothing'
  const setOpen = (what: Opened['what']): void => setOpened({ what, infoHash })
  const close = (): void => setOpen('nothing')
  const startPaying = (): void => setOpen(wallet.status === 'connected' ? 'budget' : 'connect')
  useEffect(() => void loadDialogs(), [])
  return (
    <>
      <MoneyPanels
        pay={pay}
        infoHash={infoHash}
        offer={offer}
        docked={docked}
        onPay={startPaying}
        onTopUp={() => setOpen('topUp')}
        onSettle={() => setOpen('settle')}
        onReceipts={() => setOpen('receipts')}
      />
      <MoneyDialogs
        infoHash={infoHash}
        open={open}
        onClose={close}
        onConnected={() => setOpen(pay.status === 'free' ? 'budget' : 'nothing')}
      />
    </>
  )
}
