'use client'
import Link from 'next/link'
import { useApp } from '@/hooks/use-snapshots.ts'
import { useWatchedTorrent } from '@/hooks/use-watched-torrent.ts'
import { Button, buttonClass } from '../ui/button.tsx'
import { ProblemNote } from '../ui/problem-note.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { WatchTorrent } from './watch-torrent.tsx'

function Opening() {
  const { role } = useApp()
  return (
    <p role="status" className="flex items-center gap-3 text-muted">
      <Spinner />
      {role === 'follower' ? 'Waiting for the other tab.' : 'Opening the torrent.'}
    </p>
  )
}

function Withdrawn({ onOpen }: { onOpen(): void }) {
  return (
    <div>
      <p className="mb-4 text-muted">This torrent waits for your agreement. Nothing has been transferred.</p>
      <Button look="primary" onClick={onOpen}>
        Review and continue
      </Button>
    </div>
  )
}

/** The watch page: whatever the URL names, in whatever state it is. */
export function WatchRoom() {
  const watched = useWatchedTorrent()
  if (watched.status === 'open')
    return <WatchTorrent torrent={watched.torrent} fileIndex={watched.fileIndex} />
  return (
    <div className="page-width py-8 sm:py-12">
      <h1 className="sr-only">Watch</h1>
      <div className="grid aspect-video max-h-[70dvh] w-full place-items-center rounded-2xl border border-line bg-sunken p-6 text-center">
        {watched.status === 'none' ? (
          <div>
            <p className="text-lg font-semibold">No torrent is named here.</p>
            <p className="mt-1 mb-4 text-muted">Open one on the front page, or play the demo.</p>
            <Link href="/" className={buttonClass('primary')}>
              Go to the front page
            </Link>
          </div>
        ) : watched.status === 'refused' ? (
          <div className="max-w-lg text-left">
            <ProblemNote problem={watched.problem} role="alert" className="mb-4" />
            <Link href="/" className={buttonClass('quiet')}>
              Open another torrent
            </Link>
          </div>
        ) : watched.status === 'withdrawn' ? (
          <Withdrawn onOpen={watched.open} />
        ) : (
          <Opening />
        )}
      </div>
    </div>
  )
}
