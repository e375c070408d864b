import type { ReactNode } from 'react'

export interface Term {
  readonly label: string
  readonly value: ReactNode
}

/** What one agrees to, line by line; changes are read out as they come. */
export function Terms({ lines }: { readonly lines: readonly Term[] }) {
  return (
    <dl className="space-y-2 rounded-xl bg-sunken p-4 text-sm" aria-live="polite">
      {lines.map(({ label, value }) => (
        <div key={label} className="grid gap-x-4 sm:grid-cols-[11rem_1fr]">
          <dt className="text-muted">{label}</dt>
          <dd className="min-w-0 font-medium tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
