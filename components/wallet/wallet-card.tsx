'use client'
import { ExternalLink } from 'lucide-react'
import dynamic from 'next/dynamic'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useApp, useWallet } from '@/hooks/use-snapshots.ts'
import type { WalletSnapshot } from '@/lib/features/wallet/index.ts'
import { BTTOLD, formatAmount, formatBytes, formatMoney, formatTrx } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-button.tsx'
import { Figure } from '../ui/figure.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { FaucetButton } from './faucet-button.tsx'
import { WrongNetwork } from './wrong-network.tsx'

const ConnectDialog = dynamic(() => import('./connect-dialog.tsx').then((module) => module.ConnectDialog), {
  ssr: false,
})
const AllowanceNote = dynamic(() => import('./allowance-note.tsx').then((module) => module.AllowanceNote), {
  ssr: false,
})
const ExportDemoWallet = dynamic(
  () => import('./export-demo-wallet.tsx').then((module) => module.ExportDemoWallet),
  { ssr: false },
)

function Connected({ wallet }: { readonly wallet: Extract<WalletSnapshot, { status: 'connected' }> }) {
  const explorerUrl = useApp().config?.network.explorerUrl
  return (
    <>
      <p className="text-sm text-muted">
        {wallet.kind === 'demo' ? (
          'Demo wallet: a throw-away test wallet kept in this browser. Its coins have no value.'
        ) : (
          <ForeignText text={wallet.name} />
        )}
      </p>
      <div className="mt-3 flex items-center gap-1 rounded-lg bg-sunken py-1 pr-1 pl-3">
        <span className="min-w-0 flex-1 font-mono text-sm break-all" data-testid="address">
          {wallet.address}
        </span>
        <CopyButton text={wallet.address} label="Copy address" />
        {explorerUrl ? (
          <a
            href={`${explorerUrl}/address/${wallet.address}`}
            target="_blank"
            rel="noreferrer"
            aria-label="Open the address in the explorer"
            className="grid size-10 place-items-center rounded-lg hover:bg-surface"
          >
            <ExternalLink className="size-4" aria-hidden />
          </a>
        ) : null}
      </div>
      <dl className="mt-5 grid grid-cols-2 gap-4" data-testid="balances">
        <Figure label="BTT" large value={wallet.btt === null ? null : formatAmount(wallet.btt)} />
        <Figure label="TRX, for fees" large value={wallet.trx === null ? null : formatTrx(wallet.trx)} />
        <Figure label="Energy" value={wallet.resources?.energy.toLocaleString('en') ?? null} />
        <Figure
          label="Bandwidth"
          value={wallet.resources ? formatBytes(wallet.resources.bandwidthBytes) : null}
        />
      </dl>
      {wallet.bttold ? (
        <p className="mt-4 text-sm text-muted" data-testid="bttold">
          And {formatMoney(wallet.bttold, BTTOLD)}: BTT from before January 2022, one of which became 1,000
          BTT. It pays for nothing here; an exchange turns it into BTT.
        </p>
      ) : null}
      {wallet.isFilling ? (
        <p role="status" className="mt-4 text-sm text-muted">
          Test coins are on their way.
        </p>
      ) : null}
      {wallet.allowance ? <AllowanceNote allowance={wallet.allowance} /> : null}
      {wallet.problem ? <ProblemNote problem={wallet.problem} className="mt-4" /> : null}
      <div className="mt-5 flex flex-wrap gap-2">
        <FaucetButton />
        {wallet.kind === 'demo' ? <ExportDemoWallet /> : null}
        <Button
          size="small"
          onClick={() => void loadNode().then(({ commands }) => commands.disconnectWallet())}
        >
          Disconnect
        </Button>
      </div>
    </>
  )
}

/** The wallet that is connected and what it holds. */
export function WalletCard() {
  const wallet = useWallet()
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  return (
    <section aria-labelledby="wallet-card" className="card p-5 sm:p-6">
      <h2 id="wallet-card" className="text-lg font-semibold">
        Your wallet
      </h2>
      {wallet.status === 'connected' ? (
        <Connected wallet={wallet} />
      ) : wallet.status === 'wrongNetwork' ? (
        <div className="mt-3">
          <WrongNetwork wallet={wallet} />
        </div>
      ) : (
        <>
          <p className="mt-1 mb-5 text-muted">
            Not connected. Watching is free without one; paying and earning need a TRON wallet.
          </p>
          <Button look="primary" onClick={() => setOpen(true)} disabled={wallet.status === 'connecting'}>
            {wallet.status === 'connecting' ? 'Connecting' : 'Connect a wallet'}
          </Button>
        </>
      )}
      {isOpen ? <ConnectDialog open onClose={close} onConnected={close} /> : null}
    </section>
  )
}
