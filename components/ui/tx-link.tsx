'use client'
import { ExternalLink } from 'lucide-react'
import { useApp } from '@/hooks/use-snapshots.ts'
import type { Hex } from '@/lib/base/index.ts'
import { CopyButton } from './copy-button.tsx'
import { toTxUrl } from './tx-url.ts'

/** A transaction by its number: a link where the network has an explorer, else to copy. */
export function TxLink({ txId }: { readonly txId: Hex }) {
  const explorerUrl = useApp().config?.network.explorerUrl
  const bare = txId.replace(/^0x/, '')
  const short = `${bare.slice(0, 8)}…${bare.slice(-6)}`
  return (
    <span className="inline-flex items-center gap-1 font-mono text-xs">
      {explorerUrl ? (
        <a
          href={toTxUrl(explorerUrl, txId)}
          target="_blank"
          rel="noreferrer"
          className="inline-flex items-center gap-1 underline underline-offset-2"
        >
          {short}
          <ExternalLink className="size-3" aria-hidden />
        </a>
      ) : (
        <span title={bare}>{short}</span>
      )}
      <CopyButton text={bare} label="Copy transaction id" className="size-7" />
    </span>
  )
}
