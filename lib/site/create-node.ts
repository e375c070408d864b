/**
 * The composition root. Invariant: nothing is contacted but config.json before the user consents; the wallet's and the
 * chain's code loads only once money is wanted or is already locked.
 */
import { createPublisher, createStore, type Store } from '../base/index.ts'
import type { SiteConfig } from '../config/index.ts'
import {
  type AnyFeature,
  type Capabilities,
  type Consent,
  createConsentGate,
  createLead,
  createMoneyRoom,
  createSwarm,
  createWalletDesk,
  describeCode,
  describeError,
  type LeadRole,
  onPageWake,
  type Problem,
  type Running,
  startFeatures,
} from '../kernel/index.ts'
import { INITIAL_APP } from './initial.ts'

const PUBLISH_INTERVAL_MS = 250
const STORAGE_INTERVAL_MS = 15_000

export interface AppSnapshot {
  /** 'leader' runs the engine; a 'follower' tab cannot (another tab of this origin does). */
  readonly role: LeadRole
  readonly problem: Problem | null
  /** The consent sheet's answers; null until given. */
  readonly consent: Consent | null
  readonly config: SiteConfig | null
  /** Bytes used and granted by the browser's storage, or null while unknown. */
  readonly storage: { readonly usedBytes: number; readonly quotaBytes: number } | null
}

export interface AppCommands {
  /** The first answers start the engine; later ones change what is sent from then on. */
  giveConsent(consent: Omit<Consent, 'atMs'>): void
  /** Withdraws what waits for the consent sheet. */
  declineConsent(): void
}

export interface SiteNode<Features extends readonly AnyFeature[]> {
  readonly app: Store<AppSnapshot>
  readonly commands: AppCommands
  readonly features: Running<Features>
  /** Features end in reverse order, then the swarm and the lead. */
  stop(): Promise<void>
}

/** Builds what features need and starts them. One a page; client only. */
export function createNode<const Features extends readonly AnyFeature[]>(
  config: Promise<SiteConfig>,
  features: Features,
): SiteNode<Features> {
  const app = createStore<AppSnapshot>(INITIAL_APP)
  const patchApp = (patch: Partial<AppSnapshot>): void => app.set(Object.freeze({ ...app.get(), ...patch }))
  const report = (error: unknown): void => patchApp({ problem: describeError(error) })
  config.then((loaded) => patchApp({ config: loaded }), report)

  const consent = createConsentGate((given) => patchApp({ consent: given }))
  const lead = createLead((role) => {
    if (role === 'follower') return patchApp({ role, problem: describeCode('other-tab') })
    const { problem } = app.get()
    patchApp({ role, problem: problem?.code === 'other-tab' ? null : problem })
  })
  const swarm = createSwarm({ config: () => config, consent, lead, report })
  const money = createMoneyRoom(async () => (await config).network)
  const { access, desk } = createWalletDesk()
  const capabilities: Capabilities = {
    config: () => config,
    lead,
    chain: money.chain,
    ledger: money.ledger,
    transactions: money.transactions,
    swarm,
    wallet: access,
    walletDesk: desk,
    publish: createPublisher(PUBLISH_INTERVAL_MS),
    report,
    onWake: onPageWake,
  }
  const started = startFeatures(capabilities, features)

  const readStorage = async (): Promise<void> => {
    const running = swarm.getRunning()
    if (running) patchApp({ storage: await running.storage.estimate() })
  }
  const storageTimer = setInterval(() => void readStorage().catch(report), STORAGE_INTERVAL_MS)
  swarm.started.then(readStorage).catch(() => undefined)

  return {
    app,
    features: started.running,
    commands: {
      giveConsent(answers) {
        consent.give(answers)
        const { seeding: enabled, maxUploadBytesPerSec: maxBytesPerSec } = answers
        swarm.started.then(
          ({ engine }) => engine.setUpload({ enabled, maxBytesPerSec }),
          () => undefined,
        )
      },
      declineConsent: consent.decline,
    },
    async stop() {
      clearInterval(storageTimer)
      await started.stop()
      await swarm.stop()
      lead.stop()
    },
  }
}
