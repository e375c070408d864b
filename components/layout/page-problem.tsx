'use client'
import { useApp } from '@/hooks/use-snapshots.ts'
import { ProblemNote } from '../ui/problem-note.tsx'

/** What concerns the whole page: another tab, the site's settings, the storage. */
export function PageProblem() {
  const { problem } = useApp()
  if (!problem) return null
  return (
    <div className="page-width pt-4">
      <ProblemNote problem={problem} />
    </div>
  )
}
