import { classNames } from '../ui/class-names.ts'

const COLUMNS = 16
const ROWS = 9
/** Pieces that have not arrived, by row and column from the right upper corner; the film is being put together. */
const MISSING = new Map<string, string>([
  ['0-15', 'bg-paper'],
  ['0-14', 'bg-paper'],
  ['0-13', 'bg-paper'],
  ['0-11', 'bg-paper'],
  ['1-15', 'bg-paper'],
  ['1-14', 'bg-paper'],
  ['1-12', 'bg-pay-solid'],
  ['2-15', 'bg-paper'],
  ['2-13', 'bg-paper/60'],
  ['3-14', 'bg-earn-solid'],
  ['4-15', 'bg-paper'],
  ['0-9', 'bg-paper/40'],
])

/** The poster's corner, still in pieces. Decoration. */
export function PosterPieces() {
  return (
    <span
      aria-hidden
      className="absolute inset-0 grid"
      style={{ gridTemplateColumns: `repeat(${COLUMNS}, 1fr)`, gridTemplateRows: `repeat(${ROWS}, 1fr)` }}
    >
      {[...MISSING].map(([place, colour]) => {
        const [row = 0, column = 0] = place.split('-').map(Number)
        return (
          <span
            key={place}
            className={classNames('m-px', colour)}
            style={{ gridRow: row + 1, gridColumn: column + 1 }}
          />
        )
      })}
    </span>
  )
}
