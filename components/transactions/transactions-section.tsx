'use client'
import dynamic from 'next/dynamic'

const TransactionsList = dynamic(
  () => import('./transactions-list.tsx').then((module) => module.TransactionsList),
  { ssr: false },
)

/** The transactions on the wallet page: /wallet/#transactions. */
export function TransactionsSection() {
  return (
    <section
      id="transactions"
      aria-labelledby="transactions-title"
      className="card scroll-mt-24 overflow-hidden"
    >
      <h2 id="transactions-title" className="px-4 pt-5 pb-4 text-lg font-semibold sm:px-5">
        Transactions
      </h2>
      <TransactionsList />
    </section>
  )
}
