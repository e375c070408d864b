'use client'
import { Play } from 'lucide-react'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { loadNode } from '@/hooks/load-node.ts'
import { openText } from '@/hooks/open-torrent.ts'
import { useApp } from '@/hooks/use-snapshots.ts'
import { waitForConfig } from '@/hooks/wait-for-config.ts'
import type { Problem } from '@/lib/kernel/index.ts'
import { LateProblemNote } from '../ui/late-problem-note.tsx'
import { PosterPieces } from './poster-pieces.tsx'

/** The shortest way to see it work: the demo film, in one press. */
export function DemoCard() {
  const router = useRouter()
  const demo = useApp().config?.demos[0]
  const [problem, setProblem] = useState<Problem | null>(null)

  async function play(): Promise<void> {
    setProblem(null)
    const first = (await waitForConfig(await loadNode()))?.demos[0]
    if (!first) return
    const outcome = await openText(new URL(first.torrentUrl, window.location.origin).href)
    if (outcome.status === 'refused') setProblem(outcome.problem)
    if (outcome.status === 'added') router.push(`/watch/#${outcome.infoHash}`)
  }

  return (
    <div>
      <button
        type="button"
        onClick={play}
        className="group relative block aspect-video w-full overflow-hidden rounded-2xl bg-black text-left text-white shadow-xl"
      >
        {/* biome-ignore lint/performance/noImgElement: a static export has no image server */}
        <img
          src={demo?.posterUrl ?? '/demo/poster.jpg'}
          alt=""
          className="size-full object-cover transition duration-500 group-hover:scale-[1.02]"
        />
        <PosterPieces />
        <span className="absolute inset-0 bg-linear-to-t from-black/85 via-black/25 to-transparent" />
        <span className="absolute inset-x-5 bottom-5 flex items-center gap-4 sm:inset-x-7 sm:bottom-7">
          <span className="grid size-14 shrink-0 place-items-center rounded-2xl bg-pay-solid text-on-pay shadow-lg transition group-hover:scale-105">
            <Play className="size-6 fill-current" aria-hidden />
          </span>
          <span className="min-w-0">
            <span className="block text-xl font-bold">Play the demo</span>
            <span className="block text-sm text-white/85">
              {demo ? demo.title : 'A minute of the Mandelbrot set'}
            </span>
          </span>
        </span>
      </button>
      {problem ? <LateProblemNote problem={problem} role="alert" className="mt-3" /> : null}
      <p className="mt-3 text-sm text-muted">
        No wallet needed. You can pay its seeder later, with test coins.
      </p>
    </div>
  )
}
