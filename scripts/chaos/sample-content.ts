/** Bytes for a film. */
export function sampleContent(random: (below: number) => number, lengthBytes: number): Uint8Array {
  return Uint8Array.from({ length: lengthBytes }, () => random(256))
}
