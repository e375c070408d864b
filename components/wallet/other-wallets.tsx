import { ExternalLink } from 'lucide-react'
import type { WalletOffer } from '@/lib/wallet/index.ts'
import { ForeignText } from '../ui/foreign-text.tsx'

/** Wallets that are not in this browser, folded away, each with where to get it. */
export function OtherWallets({ offers }: { readonly offers: readonly WalletOffer[] }) {
  return (
    <details className="rounded-lg border border-line">
      <summary className="min-h-11 cursor-pointer rounded-lg px-4 py-2.5 font-semibold hover:bg-sunken">
        Others
      </summary>
      <p className="px-4 pt-1 text-sm text-muted">
        Not seen in this browser. Install one, or open this page in its app, and it stands above.
      </p>
      <ul className="grid p-2 sm:grid-cols-2">
        {offers.map(({ kind, name, url }) => (
          <li key={kind}>
            <a
              href={url ?? undefined}
              target="_blank"
              rel="noreferrer"
              className="flex min-h-11 items-center gap-2 rounded-lg px-2 hover:bg-sunken"
            >
              <span className="sr-only">Get </span>
              <ForeignText text={name} />
              <ExternalLink className="size-4 shrink-0 text-muted" aria-hidden />
              <span className="sr-only"> (opens another page)</span>
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}
