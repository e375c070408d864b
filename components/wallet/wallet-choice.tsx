import type { ReactNode } from 'react'
import { showHidden } from '@/lib/units/index.ts'
import { Button } from '../ui/button.tsx'
import { ForeignText } from '../ui/foreign-text.tsx'

export interface WalletChoiceProps {
  readonly icon: ReactNode
  /** A stranger's text. */
  readonly name: string
  readonly words: string
  readonly disabled: boolean
  onClick(): void
}

/** One wallet that can be connected here. */
export function WalletChoice({ icon, name, words, disabled, onClick }: WalletChoiceProps) {
  return (
    <Button
      className="h-auto! w-full justify-start gap-4 p-4! text-left whitespace-normal!"
      disabled={disabled}
      onClick={onClick}
      aria-label={showHidden(name)}
    >
      <span className="grid size-10 shrink-0 place-items-center overflow-hidden rounded-lg bg-sunken">
        {icon}
      </span>
      <span className="min-w-0">
        <span className="block break-words">
          <ForeignText text={name} />
        </span>
        <span className="block text-sm font-normal text-muted">{words}</span>
      </span>
    </Button>
  )
}
