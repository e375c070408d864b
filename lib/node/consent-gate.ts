/** Holds everything that would show the user to strangers until the consent sheet is answered, now or at an earlier visit. */
import type { Consent } from './node.ts'
import { readConsent, writeConsent } from './preferences.ts'

export interface ConsentGate {
  /** Resolves with the first answers. */
  readonly given: Promise<Consent>
  give(answers: Omit<Consent, 'atMs'>): void
}

export function createConsentGate(onChange: (consent: Consent) => void): ConsentGate {
  const { promise, resolve } = Promise.withResolvers<Consent>()
  const accept = (consent: Consent): void => {
    onChange(consent)
    resolve(consent)
  }
  const remembered = readConsent()
  if (remembered) accept(remembered)
  return {
    given: promise,
    give(answers) {
      const consent = Object.freeze({ ...answers, atMs: Date.now() })
      writeConsent(consent)
      accept(consent)
    },
  }
}
