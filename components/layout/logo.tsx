const PIECES = [
  { x: 0, y: 0, fill: 'fill-ink' },
  { x: 6, y: 0, fill: 'fill-ink' },
  { x: 12, y: 0, fill: 'fill-pay-solid' },
  { x: 0, y: 6, fill: 'fill-ink' },
  { x: 12, y: 6, fill: 'fill-ink' },
  { x: 0, y: 12, fill: 'fill-ink' },
  { x: 6, y: 12, fill: 'fill-ink' },
  { x: 12, y: 12, fill: 'fill-earn-solid' },
  { x: 0, y: 18, fill: 'fill-ink' },
]

/** The mark: a P put together from pieces, one of them paid for, one verified. */
export function Logo() {
  return (
    <svg viewBox="0 0 17 23" className="h-6 w-auto" aria-hidden="true" focusable="false">
      {PIECES.map(({ x, y, fill }) => (
        <rect key={`${x}-${y}`} x={x} y={y} width="5" height="5" rx="1" className={fill} />
      ))}
    </svg>
  )
}
