'use client'
import { Keyboard } from 'lucide-react'
import { Popover } from 'radix-ui'
import { CONTROL_CLASS } from './control-class.ts'
import { SHORTCUTS } from './player-commands.ts'

/** The keys that the player knows. */
export function ShortcutsHelp() {
  return (
    <Popover.Root>
      <Popover.Trigger className={`${CONTROL_CLASS} hidden sm:grid`} aria-label="Keyboard shortcuts">
        <Keyboard className="size-5" aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          side="top"
          sideOffset={8}
          aria-label="Keyboard shortcuts"
          className="z-40 w-72 rounded-xl border border-line bg-surface p-4 text-sm shadow-xl"
        >
          <dl className="space-y-2">
            {SHORTCUTS.map(({ keys, does }) => (
              <div key={keys} className="flex justify-between gap-3">
                <dt className="font-semibold whitespace-nowrap">{keys}</dt>
                <dd className="text-right text-muted">{does}</dd>
              </div>
            ))}
          </dl>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  )
}
