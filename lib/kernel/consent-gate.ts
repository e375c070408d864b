/** Holds everything that would show the user to strangers until the consent sheet is answered, now or at an earlier visit. */
import { SiteError } from '../base/index.ts'
import { readMemory, writeMemory } from './browser-memory.ts'

/** The consent sheet's answers. Remembered by this browser. */
export interface Consent {
  readonly seeding: boolean
  /** null: no cap. */
  readonly maxUploadBytesPerSec: number | null
  readonly atMs: number
}

const CONSENT_KEY = 'consent'

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
      writeMemory(CONSENT_KEY, consent)
      accept(consent)
    },
    decline() {
      const waiting = declined
      declined = Promise.withResolvers<never>()
      waiting.promise.catch(() => undefined)
      waiting.reject(new SiteError('consent-declined', 'the consent sheet was put off'))
    },
  }
}

/** The answers that this browser remembers, or null when they were never given. */
function readConsent(): Consent | null {
  const value = readMemory(CONSENT_KEY)
  if (typeof value !== 'object' || value === null) return null
  const { seeding, maxUploadBytesPerSec, atMs } = value as Record<string, unknown>
  const isCap =
    maxUploadBytesPerSec === null || (typeof maxUploadBytesPerSec === 'number' && maxUploadBytesPerSec > 0)
  if (typeof seeding !== 'boolean' || !isCap || typeof atMs !== 'number') return null
  return { seeding, maxUploadBytesPerSec, atMs }
}
