'use client'
import { DropdownMenu } from 'radix-ui'
import { CONTROL_CLASS } from './control-class.ts'

const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2] as const

/** How fast it plays. */
export function SpeedMenu({ rate, onChange }: { readonly rate: number; onChange(rate: number): void }) {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger
        className={`${CONTROL_CLASS} hidden text-sm font-semibold tabular-nums sm:grid`}
        aria-label={`Playback rate, ${rate} times`}
      >
        {rate}×
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          side="top"
          className="z-40 min-w-24 rounded-xl border border-line bg-surface p-1 shadow-xl"
        >
          <DropdownMenu.RadioGroup value={String(rate)} onValueChange={(value) => onChange(Number(value))}>
            {RATES.map((value) => (
              <DropdownMenu.RadioItem
                key={value}
                value={String(value)}
                className="flex h-9 cursor-pointer items-center rounded-lg px-3 text-sm tabular-nums outline-none data-highlighted:bg-sunken data-[state=checked]:font-bold"
              >
                {value}×
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
