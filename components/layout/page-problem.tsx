'use client'
import { useApp } from '@/hooks/use-snapshots.ts'
import { LateProblemNote } from '../ui/late-problem-note.tsx'

/** What concerns the whole page: another tab, the site's settings, the storage. */
export function PageProblem() {
  const { problem } = useApp()
  if (!problem) return null
  return (
    <div className="page-width pt-4">
      <LateProblemNote problem={problem} />
    </div>
  )
}
