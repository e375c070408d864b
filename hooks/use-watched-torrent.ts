'use client'
import { useCallback, useEffect, useState } from 'react'
import type { AddOutcome, WatchSnapshot } from '@/lib/features/library/index.ts'
import type { Problem } from '@/lib/kernel/index.ts'
import { loadNode } from './load-node.ts'
import { openText } from './open-torrent.ts'
import { replaceFragment, useWatchFragment } from './use-fragment.ts'
import { useApp, useTorrent } from './use-snapshots.ts'
import { waitForConfig } from './wait-for-config.ts'

export type WatchedTorrent =
  /** The address is not known yet (server, first paint). */
  | { readonly status: 'unknown' }
  | { readonly status: 'none' }
  | { readonly status: 'opening' }
  /** The consent sheet was put off; `open` asks again. */
  | { readonly status: 'withdrawn'; open(): void }
  | { readonly status: 'refused'; readonly problem: Problem }
  | { readonly status: 'open'; readonly torrent: WatchSnapshot; readonly fileIndex: number | null }

/** Our own demos come with their .torrent file, so they need no peer to be known. */
async function openFragment(text: string, infoHash: string | null): Promise<AddOutcome> {
  const config = await waitForConfig(await loadNode())
  const demo = config?.demos.find((candidate) => candidate.infoHash === infoHash)
  const outcome = await openText(
    demo ? new URL(demo.torrentUrl, window.location.origin).href : `/watch/${text}`,
  )
  if (outcome.status === 'added' && outcome.infoHash !== infoHash) replaceFragment(outcome.infoHash)
  return outcome
}

/** The torrent that the URL names, opened if it is not open yet. */
export function useWatchedTorrent(): WatchedTorrent {
  const { text, infoHash, fileIndex } = useWatchFragment()
  const torrent = useTorrent(infoHash)
  const { role } = useApp()
  const [answer, setAnswer] = useState<{ readonly text: string; readonly outcome: AddOutcome } | null>(null)
  const wanted = infoHash ? `#${infoHash}` : text

  const open = useCallback(() => {
    // A tab that follows waits: it opens the torrent once it leads.
    if (!wanted || wanted === '#' || role !== 'leader') return
    setAnswer(null)
    void openFragment(wanted, infoHash).then((outcome) => setAnswer({ text: wanted, outcome }))
  }, [wanted, infoHash, role])
  useEffect(open, [open])

  if (wanted === null) return { status: 'unknown' }
  if (wanted === '' || wanted === '#') return { status: 'none' }
  if (torrent) return { status: 'open', torrent, fileIndex }
  const outcome = answer?.text === wanted ? answer.outcome : null
  if (outcome?.status === 'refused') return { status: 'refused', problem: outcome.problem }
  if (outcome?.status === 'withdrawn') return { status: 'withdrawn', open }
  return { status: 'opening' }
}
