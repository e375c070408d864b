import { pickCellValue } from './piece-values.ts'

const MAX_ROWS = 12
const GAP_PX = 2
const MIN_CELL_PX = 5
const MAX_CELL_PX = 16

export interface PieceGrid {
  readonly cells: number
  readonly columns: number
  readonly rows: number
  readonly cellPx: number
}

/** The largest cells that fit a width in at most 12 rows; where they would be too small, a cell is several pieces. */
export function planGrid(pieceCount: number, widthPx: number): PieceGrid {
  for (let cellPx = MAX_CELL_PX; cellPx >= MIN_CELL_PX; cellPx--) {
    const columns = Math.max(1, Math.floor((widthPx + GAP_PX) / (cellPx + GAP_PX)))
    const rows = Math.ceil(pieceCount / columns)
    if (rows <= MAX_ROWS) return { cells: pieceCount, columns, rows, cellPx }
  }
  const columns = Math.max(1, Math.floor((widthPx + GAP_PX) / (MIN_CELL_PX + GAP_PX)))
  const cells = Math.min(pieceCount, columns * MAX_ROWS)
  return { cells, columns, rows: Math.ceil(cells / columns), cellPx: MIN_CELL_PX }
}

export const getGridHeight = ({ rows, cellPx }: PieceGrid): number => rows * (cellPx + GAP_PX) - GAP_PX

/** One draw of the whole map. Colours come from the theme, in the order of the piece values. */
export function drawPieces(
  canvas: HTMLCanvasElement,
  pieces: Uint8Array,
  grid: PieceGrid,
  widthPx: number,
): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const style = getComputedStyle(canvas)
  const colours = ['--line', '--active', '--earn-solid', '--pay-solid'].map((name) =>
    style.getPropertyValue(name),
  )
  const scale = window.devicePixelRatio || 1
  canvas.width = Math.round(widthPx * scale)
  canvas.height = Math.round(getGridHeight(grid) * scale)
  context.scale(scale, scale)
  const pitch = grid.cellPx + GAP_PX
  for (let cell = 0; cell < grid.cells; cell++) {
    const from = Math.floor((cell / grid.cells) * pieces.length)
    const to = Math.floor(((cell + 1) / grid.cells) * pieces.length)
    context.fillStyle = colours[pickCellValue(pieces, from, to)] ?? ''
    context.fillRect(
      (cell % grid.columns) * pitch,
      Math.floor(cell / grid.columns) * pitch,
      grid.cellPx,
      grid.cellPx,
    )
  }
}
