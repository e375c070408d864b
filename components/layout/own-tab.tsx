'use client'
import { ExternalLink } from 'lucide-react'
import type { ReactNode } from 'react'
import { useWatchFragment } from '@/hooks/use-fragment.ts'
import { useFramed } from '@/hooks/use-framed.ts'
import { classNames } from '../ui/class-names.ts'

export interface OwnTabProps {
  readonly children: ReactNode
  /** Shown instead in a frame; by default a line with a link to this page in a tab of its own. */
  readonly instead?: ReactNode
}

/** What is about money: only in a tab of its own, never in another site's frame. */
export function OwnTab({ children, instead = <OwnTabLink className="rounded-2xl" /> }: OwnTabProps) {
  return useFramed() ? instead : children
}

/** Says that a framed page only plays, and leads out of the frame. */
export function OwnTabLink({ className }: { readonly className?: string }) {
  const { text } = useWatchFragment()
  return (
    <p
      className={classNames('border border-line bg-surface p-4 text-sm sm:p-5', className)}
      data-testid="own-tab"
    >
      <span className="block text-muted">Shown inside another site, this page only plays.</span>
      <a
        href={text === null ? undefined : window.location.href}
        target="_blank"
        rel="noopener noreferrer"
        className="mt-1 inline-flex min-h-11 items-center gap-2 font-semibold underline underline-offset-4"
      >
        Open in its own tab to pay or earn
        <ExternalLink className="size-4" aria-hidden />
      </a>
    </p>
  )
}
