'use client'
import { useSyncExternalStore } from 'react'

let isWanted = false
const listeners = new Set<() => void>()

function set(value: boolean): void {
  isWanted = value
  for (const listener of listeners) listener()
}

/** Asks for the consent sheet: something the user did needs peers. It shows only until it was answered once. */
export const wantConsent = (): void => set(true)
/** The user put it off, or what needed it is gone. */
export const dropConsent = (): void => set(false)

export function useConsentWanted(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => isWanted,
    () => false,
  )
}
