/** Holds everything that would show the user to strangers until the consent sheet is answered, now or at an earlier visit. */
import { AppError } from '../base/index.ts'
import type { Consent } from '../site/index.ts'
import { readConsent, writeConsent } from './browser-memory.ts'

export interface ConsentGate {
  /** Resolves with the first answers. */
  readonly given: Promise<Consent>
  /** Waits for the answers to the sheet that is up now. Throws AppError 'consent-declined' when it is put off instead. */
  ask(): Promise<void>
  give(answers: Omit<Consent, 'atMs'>): void
  /** What waits now is withdrawn: a later consent to something else does not start it. */
  decline(): void
}

export function createConsentGate(onChange: (consent: Consent) => void): ConsentGate {
  const { promise, resolve } = Promise.withResolvers<Consent>()
  let declined = Promise.withResolvers<never>()
  const accept = (consent: Consent): void => {
    onChange(consent)
    resolve(consent)
  }
  const remembered = readConsent()
  if (remembered) accept(remembered)
  return {
    given: promise,
    async ask() {
      await Promise.race([promise, declined.promise])
    },
    give(answers) {
      const consent = Object.freeze({ ...answers, atMs: Date.now() })
      writeConsent(consent)
      accept(consent)
    },
    decline() {
      const waiting = declined
      declined = Promise.withResolvers<never>()
      waiting.promise.catch(() => undefined)
      waiting.reject(new AppError('consent-declined', 'the consent sheet was put off'))
    },
  }
}
