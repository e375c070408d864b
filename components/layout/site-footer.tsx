'use client'
import { reviewConsent } from '@/hooks/consent-wanted.ts'
import { useApp } from '@/hooks/use-snapshots.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'

/** What is local, and which network's money this page speaks of. */
export function SiteFooter() {
  const { config, role } = useApp()
  const network = config?.network
  return (
    <footer className="border-t border-line">
      <div className="page-width flex flex-wrap items-center gap-x-6 gap-y-3 py-6 text-sm text-muted">
        <p className="min-w-0 flex-1 basis-80">
          Everything runs in this page: your torrents, keys and receipts stay in this browser. Open source,
          MIT.
        </p>
        <Button look="ghost" size="small" disabled={role !== 'leader'} onClick={reviewConsent}>
          Sharing settings
        </Button>
        <p className="flex items-center gap-2" data-testid="network" data-engine={role}>
          <span aria-hidden className="size-2 rounded-[2px] bg-active" />
          {network ? <ForeignText text={network.label} /> : 'Network: loading'}
          {network?.isTestnet ? (
            <span className="rounded-md border border-line-strong px-1.5 py-0.5 text-xs font-semibold text-ink">
              Test coins, no value
            </span>
          ) : null}
        </p>
      </div>
    </footer>
  )
}
