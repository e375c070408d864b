'use client'
import { FlaskConical } from 'lucide-react'
import { useEffect } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useApp, useWallet } from '@/hooks/use-snapshots.ts'
import type { WalletKind } from '@/lib/wallet/index.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { Modal } from '../ui/modal.tsx'
import { notify, notifyCancelled, notifyProblem } from '../ui/notify.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { OtherWallets } from './other-wallets.tsx'
import { WalletChoice } from './wallet-choice.tsx'
import { WalletIcon } from './wallet-icon.tsx'
import { WrongNetwork } from './wrong-network.tsx'

export interface ConnectDialogProps {
  readonly open: boolean
  onClose(): void
  onConnected(): void
}

/** The wallets that are here, where to get others, and the demo wallet where coins have no value. */
function WalletList({ onConnected }: { onConnected(): void }) {
  const wallet = useWallet()
  const isTestnet = useApp().config?.network.isTestnet === true
  const isConnecting = wallet.status === 'connecting'
  const offers = wallet.status === 'disconnected' || wallet.status === 'connecting' ? wallet.offers : []
  const here = offers.filter(({ isHere }) => isHere)
  const others = offers.filter(({ isHere }) => !isHere)

  // One may have been installed or unlocked since the page looked.
  useEffect(() => void loadNode().then(({ commands }) => commands.findWallets()), [])

  async function connect(kind: WalletKind): Promise<void> {
    const node = await loadNode()
    const outcome = await node.commands.connectWallet(kind)
    if (outcome.status === 'cancelled') void notifyCancelled()
    if (outcome.status !== 'done' || node.wallet.get().status !== 'connected') return
    onConnected()
    const gift = await node.commands.fillDemoWallet()
    if (gift?.status === 'done') void notify('Test coins arrived.')
    if (gift?.status === 'failed') void notifyProblem(gift.problem)
  }

  return (
    <>
      <section aria-labelledby="wallets-here" className="space-y-3">
        <h3 id="wallets-here" className="text-sm font-semibold text-muted">
          Found in this browser
        </h3>
        {here.map(({ kind, name, icon }) => (
          <WalletChoice
            key={kind}
            icon={<WalletIcon icon={icon} />}
            name={name}
            words="It asks you before it signs anything."
            disabled={isConnecting}
            onClick={() => void connect(kind)}
          />
        ))}
        {here.length === 0 ? (
          <p className="text-sm">{offers.length === 0 ? 'Looking for wallets.' : 'No wallet was found.'}</p>
        ) : null}
      </section>
      {others.length > 0 ? <OtherWallets offers={others} /> : null}
      {isTestnet ? (
        <WalletChoice
          icon={<FlaskConical className="size-5" aria-hidden />}
          name="Demo wallet"
          words="A throw-away test wallet, made in this page and kept in this browser. It works only with test coins, which have no value."
          disabled={isConnecting}
          onClick={() => void connect('demo')}
        />
      ) : null}
      {isConnecting ? (
        <p role="status" className="flex items-center gap-3 text-sm text-muted">
          <Spinner />
          {wallet.kind === 'demo' ? (
            'Making the demo wallet.'
          ) : (
            <span>
              Waiting for <ForeignText text={wallet.name} />. Answer its request there.
            </span>
          )}
        </p>
      ) : null}
      {wallet.status === 'disconnected' && wallet.problem ? (
        <ProblemNote problem={wallet.problem} role="alert" />
      ) : null}
    </>
  )
}

/** Which wallet signs. Opening this connects nothing. */
export function ConnectDialog({ open, onClose, onConnected }: ConnectDialogProps) {
  const wallet = useWallet()
  return (
    <Modal
      title="Connect a wallet"
      description="Connecting shows your address to this page. It signs nothing and moves nothing."
      open={open}
      onClose={onClose}
    >
      <div className="space-y-4">
        {wallet.status === 'wrongNetwork' ? (
          <WrongNetwork wallet={wallet} onSwitched={onConnected} />
        ) : (
          <WalletList onConnected={onConnected} />
        )}
      </div>
    </Modal>
  )
}
