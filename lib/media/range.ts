/** HTTP ranges (RFC 9110, 14) of a file of known length. */

export type RangeAnswer =
  | { readonly status: 200; readonly startByte: number; readonly endByte: number }
  | { readonly status: 206; readonly startByte: number; readonly endByte: number }
  /** Nothing of the file lies in the range. */
  | { readonly status: 416 }

/**
 * What a `Range` header asks of a file. `endByte` is inclusive, -1 for an empty file. Several ranges, other units and
 * malformed headers are ignored, as the standard allows: the whole file is the answer.
 */
export function parseRange(header: string | null, lengthBytes: number): RangeAnswer {
  const whole: RangeAnswer = { status: 200, startByte: 0, endByte: lengthBytes - 1 }
  const match = header === null ? null : /^\s*bytes\s*=\s*(\d{0,16})\s*-\s*(\d{0,16})\s*$/i.exec(header)
  const [, first = '', last = ''] = match ?? []
  if (first === '' && last === '') return whole
  if (first === '') {
    const suffixBytes = Math.min(Number(last), lengthBytes)
    if (suffixBytes === 0) return { status: 416 }
    return { status: 206, startByte: lengthBytes - suffixBytes, endByte: lengthBytes - 1 }
  }
  const startByte = Number(first)
  const endByte = last === '' ? lengthBytes - 1 : Math.min(Number(last), lengthBytes - 1)
  if (last !== '' && Number(last) < startByte) return whole
  return startByte >= lengthBytes ? { status: 416 } : { status: 206, startByte, endByte }
}
