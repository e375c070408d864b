/** Range requests (RFC 9110, section 14): one range of bytes; whatever else is asked gets the whole file, as it may. */

/** First and last byte, inclusive; 'whole' to send all of it; 'unsatisfiable' for a range that begins past the end. */
export type ByteRange = { readonly startByte: number; readonly endByte: number } | 'whole' | 'unsatisfiable'

/** Reads an untrusted Range header against a file's length. */
export function parseByteRange(header: string | undefined, lengthBytes: number): ByteRange {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '')
  if (!match) return 'whole'
  const [, first = '', last = ''] = match
  if (first === '') {
    if (last === '') return 'whole'
    if (Number(last) === 0 || lengthBytes === 0) return 'unsatisfiable'
    return { startByte: Math.max(0, lengthBytes - Number(last)), endByte: lengthBytes - 1 }
  }
  const startByte = Number(first)
  if (last !== '' && Number(last) < startByte) return 'whole'
  if (startByte >= lengthBytes) return 'unsatisfiable'
  return { startByte, endByte: last === '' ? lengthBytes - 1 : Math.min(Number(last), lengthBytes - 1) }
}
