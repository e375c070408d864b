'use client'
import { FlaskConical, Wallet } from 'lucide-react'
import type { ReactNode } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { useApp, useWallet } from '@/hooks/use-snapshots.ts'
import type { WalletKind } from '@/lib/wallet/index.ts'
import { Button } from '../ui/button.tsx'
import { Modal } from '../ui/modal.tsx'
import { notifyCancelled } from '../ui/notify.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { WrongNetwork } from './wrong-network.tsx'

export interface ConnectDialogProps {
  readonly open: boolean
  onClose(): void
  onConnected(): void
}

interface WalletChoiceProps {
  readonly icon: ReactNode
  readonly name: string
  readonly words: string
  readonly disabled: boolean
  onClick(): void
}

function WalletChoice({ icon, name, words, disabled, onClick }: WalletChoiceProps) {
  return (
    <Button
      className="h-auto! w-full justify-start gap-4 p-4! text-left whitespace-normal!"
      disabled={disabled}
      onClick={onClick}
      aria-label={name}
    >
      <span className="grid size-10 shrink-0 place-items-center rounded-lg bg-sunken">{icon}</span>
      <span className="min-w-0">
        <span className="block">{name}</span>
        <span className="block text-sm font-normal text-muted">{words}</span>
      </span>
    </Button>
  )
}

/** Which wallet signs. Opening this connects nothing. */
export function ConnectDialog({ open, onClose, onConnected }: ConnectDialogProps) {
  const wallet = useWallet()
  const isTestnet = useApp().config?.network.isTestnet === true
  const isConnecting = wallet.status === 'connecting'

  async function connect(kind: WalletKind): Promise<void> {
    const node = await loadNode()
    const outcome = await node.commands.connectWallet(kind)
    if (outcome.status === 'cancelled') void notifyCancelled()
    if (outcome.status === 'done' && node.wallet.get().status === 'connected') onConnected()
  }

  const hasTronLink = wallet.status !== 'disconnected' || wallet.tronlinkFound
  return (
    <Modal
      title="Connect a wallet"
      description="Connecting shows your address to this page. It signs nothing and moves nothing."
      open={open}
      onClose={onClose}
    >
      <div className="space-y-3">
        {wallet.status === 'wrongNetwork' ? (
          <WrongNetwork wallet={wallet} onSwitched={onConnected} />
        ) : (
          <>
            <WalletChoice
              icon={<Wallet className="size-5" aria-hidden />}
              name="TronLink"
              words={
                hasTronLink
                  ? 'The browser extension. It asks you before it signs anything.'
                  : 'The browser extension. It was not seen here: install it, or unlock it and try.'
              }
              disabled={isConnecting}
              onClick={() => void connect('tronlink')}
            />
            {isTestnet ? (
              <WalletChoice
                icon={<FlaskConical className="size-5" aria-hidden />}
                name="Demo wallet"
                words="A throw-away test wallet, made in this page and kept in this browser. It works only with test coins, which have no value."
                disabled={isConnecting}
                onClick={() => void connect('demo')}
              />
            ) : null}
          </>
        )}
        {isConnecting ? (
          <p role="status" className="flex items-center gap-3 text-sm text-muted">
            <Spinner />
            {wallet.kind === 'tronlink'
              ? 'Waiting for TronLink. Answer its request there.'
              : 'Making the demo wallet.'}
          </p>
        ) : null}
        {wallet.status === 'disconnected' && wallet.problem ? (
          <ProblemNote problem={wallet.problem} role="alert" />
        ) : null}
      </div>
    </Modal>
  )
}
