'use client'
import { useSyncExternalStore } from 'react'

/** `ask`: something needs the first answers. `review`: the user looks at the answers again. */
export type ConsentSheetMode = 'closed' | 'ask' | 'review'

let mode: ConsentSheetMode = 'closed'
const listeners = new Set<() => void>()

function set(value: ConsentSheetMode): void {
  mode = value
  for (const listener of listeners) listener()
}

/** Asks for the consent sheet: something the user did needs peers. It shows only until it was answered once. */
export const wantConsent = (): void => set('ask')
/** Shows the sheet with the present answers. */
export const reviewConsent = (): void => set('review')
/** The user answered or put it off, or what needed it is gone. */
export const dropConsent = (): void => set('closed')

export function useConsentSheetMode(): ConsentSheetMode {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => mode,
    () => 'closed',
  )
}
