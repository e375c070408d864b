import { ReceiptsView } from './receipts-view.tsx'

/** The receipts on the wallet page: /wallet/#receipts. */
export function ReceiptsSection() {
  return (
    <section id="receipts" aria-labelledby="receipts-title" className="card scroll-mt-24 overflow-hidden">
      <h2 id="receipts-title" className="px-4 pt-5 pb-4 text-lg font-semibold sm:px-5">
        Receipts
      </h2>
      <ReceiptsView />
    </section>
  )
}
