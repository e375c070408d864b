'use client'
import { Wallet } from 'lucide-react'
import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useState } from 'react'
import { useWallet } from '@/hooks/use-snapshots.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ShortAddress } from '../ui/short-address.tsx'

const ConnectDialog = dynamic(() => import('./connect-dialog.tsx').then((module) => module.ConnectDialog), {
  ssr: false,
})

/** Connect, or the address that is connected. */
export function WalletButton() {
  const wallet = useWallet()
  const [isOpen, setOpen] = useState(false)
  const close = (): void => setOpen(false)
  if (wallet.status === 'connected')
    return (
      <Link href="/wallet/" className={`${buttonClass('quiet', 'small')} max-sm:px-2`} data-testid="account">
        <Wallet className="size-4" aria-hidden />
        <span className="max-sm:sr-only">
          <ShortAddress address={wallet.address} />
        </span>
      </Link>
    )
  return (
    <>
      <Button look="primary" size="small" className="max-sm:px-2" onClick={() => setOpen(true)}>
        {wallet.status === 'connecting'
          ? 'Connecting'
          : wallet.status === 'wrongNetwork'
            ? 'Wrong network'
            : 'Connect'}
      </Button>
      {isOpen ? <ConnectDialog open onClose={close} onConnected={close} /> : null}
    </>
  )
}
