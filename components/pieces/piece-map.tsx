'use client'
import { useTheme } from 'next-themes'
import { useEffect, useState } from 'react'
import { useElementWidth } from '@/hooks/use-element-width.ts'
import type { WatchSnapshot } from '@/lib/features/library/index.ts'
import { formatBytes } from '@/lib/units/index.ts'
import { drawPieces, getGridHeight, planGrid } from './draw-pieces.ts'
import { countPieces } from './piece-values.ts'

const COUNT = new Intl.NumberFormat('en', { useGrouping: 'min2' })

const LEGEND = [
  { key: 'missing', label: 'missing', swatch: 'bg-line' },
  { key: 'active', label: 'arriving', swatch: 'bg-active' },
  { key: 'verified', label: 'verified', swatch: 'bg-earn-solid' },
  { key: 'paid', label: 'verified and paid', swatch: 'bg-pay-solid' },
] as const

/** Every piece of the torrent, as it comes in. */
export function PieceMap({ torrent }: { readonly torrent: WatchSnapshot }) {
  const { pieces, pieceLengthBytes } = torrent
  const { resolvedTheme } = useTheme()
  const [canvas, setCanvas] = useState<HTMLCanvasElement | null>(null)
  const [frame, setFrame] = useState<HTMLDivElement | null>(null)
  const widthPx = useElementWidth(frame)
  const grid = planGrid(pieces.length, widthPx)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new theme has new colours
  useEffect(() => {
    if (canvas && widthPx > 0) drawPieces(canvas, pieces, planGrid(pieces.length, widthPx), widthPx)
  }, [canvas, pieces, widthPx, resolvedTheme])

  const counts = countPieces(pieces)
  const text =
    pieces.length === 0
      ? 'Pieces: not known yet.'
      : `${counts.verified + counts.paid} of ${pieces.length} pieces verified, ${counts.paid} of them paid for, ${counts.active} arriving.`
  return (
    <section aria-labelledby="pieces" className="card p-4 sm:p-5">
      <div className="mb-3 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 id="pieces" className="font-semibold">
          Pieces
        </h2>
        <p className="text-sm text-muted tabular-nums">
          {pieces.length === 0
            ? '—'
            : `${COUNT.format(pieces.length)} of ${formatBytes(pieceLengthBytes)} each`}
        </p>
      </div>
      <div ref={setFrame}>
        {pieces.length === 0 ? (
          <p className="text-sm text-muted">
            The map appears as soon as a peer has sent what the torrent holds.
          </p>
        ) : (
          <canvas
            ref={setCanvas}
            role="img"
            aria-label={text}
            className="w-full"
            style={{ height: `${getGridHeight(grid)}px` }}
          />
        )}
      </div>
      <ul className="mt-3 flex flex-wrap gap-x-4 gap-y-1 text-xs text-muted tabular-nums">
        {LEGEND.map(({ key, label, swatch }) => (
          <li key={key} className="flex items-center gap-1.5" data-testid={`pieces-${key}`}>
            <span aria-hidden className={`size-3 rounded-[2px] ${swatch}`} />
            {pieces.length === 0 ? '—' : COUNT.format(counts[key])} {label}
          </li>
        ))}
      </ul>
    </section>
  )
}
