import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { Problem } from '@/lib/kernel/index.ts'
import { classNames } from './class-names.ts'

export interface ProblemNoteProps {
  readonly problem: Problem
  /** 'alert' interrupts a screen reader: for what the user has just done. 'status' waits. */
  readonly role?: 'alert' | 'status'
  readonly id?: string
  readonly className?: string
  readonly children?: ReactNode
}

/** What happened, what it means for the money, what to do. */
export function ProblemNote({ problem, role = 'status', id, className, children }: ProblemNoteProps) {
  return (
    <div
      role={role}
      id={id}
      className={classNames(
        'flex gap-3 rounded-xl border border-danger/30 bg-danger-soft p-4 text-sm',
        className,
      )}
    >
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-danger" aria-hidden />
      <div className="min-w-0 space-y-1">
        <p className="font-semibold text-danger">{problem.title}</p>
        <p>{problem.money}</p>
        <p>{problem.action}</p>
        {children}
      </div>
    </div>
  )
}
