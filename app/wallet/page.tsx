import type { Metadata } from 'next'
import { OwnTab } from '@/components/layout/own-tab.tsx'
import { MoneyBar } from '@/components/money/money-bar.tsx'
import { ReceiptsSection } from '@/components/receipts/receipts-section.tsx'
import { TransactionsSection } from '@/components/transactions/transactions-section.tsx'
import { EarnCard } from '@/components/wallet/earn-card.tsx'
import { LateEarnings } from '@/components/wallet/late-earnings.tsx'
import { WalletCard } from '@/components/wallet/wallet-card.tsx'

export const metadata: Metadata = { title: 'Wallet' }

export default function WalletPage() {
  return (
    <div className="page-width max-w-6xl space-y-6 py-8 sm:py-12">
      <div>
        <h1 className="text-3xl font-bold">Wallet</h1>
        <p className="mt-1 text-muted">
          What you have, what is locked, what you earned, and a receipt for each.
        </p>
      </div>
      <OwnTab>
        <div className="grid items-start gap-6 lg:grid-cols-2">
          <WalletCard />
          <EarnCard />
        </div>
        <LateEarnings />
        <MoneyBar />
        <TransactionsSection />
        <ReceiptsSection />
      </OwnTab>
    </div>
  )
}
