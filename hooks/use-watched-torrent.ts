'use client'
import { useEffect, useState } from 'react'
import type { Problem, WatchSnapshot } from '@/lib/node/index.ts'
import { loadNode } from './load-node.ts'
import { openText } from './open-torrent.ts'
import { replaceFragment, useWatchFragment } from './use-fragment.ts'
import { useTorrent } from './use-snapshots.ts'
import { waitForConfig } from './wait-for-config.ts'

export type WatchedTorrent =
  /** The address is not known yet (server, first paint). */
  | { readonly status: 'unknown' }
  | { readonly status: 'none' }
  | { readonly status: 'opening' }
  | { readonly status: 'refused'; readonly problem: Problem }
  | { readonly status: 'open'; readonly torrent: WatchSnapshot; readonly fileIndex: number | null }

/** Our own demos come with their .torrent file, so they need no peer to be known. */
async function openFragment(text: string, infoHash: string | null): Promise<Problem | null> {
  const config = await waitForConfig(await loadNode())
  const demo = config?.demos.find((candidate) => candidate.infoHash === infoHash)
  const outcome = await openText(
    demo ? new URL(demo.torrentUrl, window.location.origin).href : `/watch/${text}`,
  )
  if (outcome.status === 'refused') return outcome.problem
  if (outcome.infoHash !== infoHash) replaceFragment(outcome.infoHash)
  return null
}

/** The torrent that the URL names, opened if it is not open yet. */
export function useWatchedTorrent(): WatchedTorrent {
  const { text, infoHash, fileIndex } = useWatchFragment()
  const torrent = useTorrent(infoHash)
  const [refused, setRefused] = useState<{ readonly text: string; readonly problem: Problem } | null>(null)
  const wanted = infoHash ? `#${infoHash}` : text

  useEffect(() => {
    if (!wanted || wanted === '#') return
    void openFragment(wanted, infoHash).then((problem) => problem && setRefused({ text: wanted, problem }))
  }, [wanted, infoHash])

  if (wanted === null) return { status: 'unknown' }
  if (wanted === '' || wanted === '#') return { status: 'none' }
  if (torrent) return { status: 'open', torrent, fileIndex }
  if (refused?.text === wanted) return { status: 'refused', problem: refused.problem }
  return { status: 'opening' }
}
