'use client'
import { Eye, Gauge, Upload } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { type ConsentSheetMode, dropConsent } from '@/hooks/consent-wanted.ts'
import { loadNode } from '@/hooks/load-node.ts'
import { useApp } from '@/hooks/use-snapshots.ts'
import type { Consent } from '@/lib/kernel/index.ts'
import { Button } from '../ui/button.tsx'
import { Choice } from '../ui/fields.tsx'
import { Modal } from '../ui/modal.tsx'

const CAPS = { none: null, '5': 5_000_000, '1': 1_000_000, '0.25': 250_000 } as const
type Cap = keyof typeof CAPS

const findCap = (consent: Consent | null): Cap =>
  (Object.keys(CAPS) as Cap[]).find((cap) => CAPS[cap] === consent?.maxUploadBytesPerSec) ?? 'none'

function Point({ icon, title, children }: { icon: ReactNode; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-3">
      <span className="mt-0.5 text-muted">{icon}</span>
      <div>
        <p className="font-semibold">{title}</p>
        <p className="text-sm text-muted">{children}</p>
      </div>
    </li>
  )
}

/** Asked once, before anything is transferred; again whenever the user wants other answers. */
export function ConsentSheet({ mode }: { readonly mode: Exclude<ConsentSheetMode, 'closed'> }) {
  const { consent, role } = useApp()
  const [isSeeding, setSeeding] = useState(consent?.seeding ?? true)
  const [cap, setCap] = useState<Cap>(findCap(consent))
  const isReview = consent !== null
  const isOpen = (mode === 'review' || !isReview) && role !== 'follower'

  const accept = async (): Promise<void> => {
    const { commands } = await loadNode()
    commands.giveConsent({ seeding: isSeeding, maxUploadBytesPerSec: CAPS[cap] })
    dropConsent()
  }
  const putOff = async (): Promise<void> => {
    dropConsent()
    const { commands } = await loadNode()
    commands.declineConsent()
  }

  return (
    <Modal
      title={isReview ? 'Sharing settings' : 'Before you join the swarm'}
      description={
        isReview
          ? 'What you share with the people you fetch from. A change takes effect at once.'
          : 'Asked once, then remembered in this browser. Nothing has been transferred yet.'
      }
      open={isOpen}
      onClose={() => void putOff()}
    >
      <ul className="space-y-4">
        <Point icon={<Eye className="size-5" aria-hidden />} title="Peers see your IP address">
          Torrents connect you straight to other people. Whoever shares a file with you sees your address and
          what you fetch.
        </Point>
        <Point icon={<Gauge className="size-5" aria-hidden />} title="It uses your connection">
          A film can be several gigabytes. On a metered link, switch seeding off or cap it.
        </Point>
        <Point icon={<Upload className="size-5" aria-hidden />} title="You give back what you have">
          While a torrent is open, you send its pieces to others. It is free, and nobody pays or is paid until
          you say so.
        </Point>
      </ul>
      <div className="mt-6 space-y-4 rounded-xl bg-sunken p-4">
        <label className="flex items-center justify-between gap-4 font-medium">
          Seed what I download
          <input
            type="checkbox"
            role="switch"
            checked={isSeeding}
            aria-checked={isSeeding}
            onChange={(event) => setSeeding(event.target.checked)}
            className="size-6 accent-earn"
          />
        </label>
        {isSeeding ? (
          <Choice
            label="Upload at most"
            value={cap}
            onChange={setCap}
            options={[
              { value: 'none', label: 'No cap' },
              { value: '5', label: '5 MB/s' },
              { value: '1', label: '1 MB/s' },
              { value: '0.25', label: '250 KB/s' },
            ]}
          />
        ) : null}
      </div>
      <div className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <Button onClick={() => void putOff()}>{isReview ? 'Cancel' : 'Not now'}</Button>
        <Button look="primary" onClick={() => void accept()}>
          {isReview ? 'Save' : 'Agree and continue'}
        </Button>
      </div>
    </Modal>
  )
}
