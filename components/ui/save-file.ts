import { toFileName } from '@/lib/units/index.ts'

/** Hands bytes or text, in one part or many, to the browser as a download; of `name` stays what a file may be called. */
export function saveFile(
  name: string,
  content: Uint8Array | string | readonly string[],
  mimeType: string,
): void {
  const parts = content instanceof Uint8Array ? [new Uint8Array(content)] : [content].flat()
  const url = URL.createObjectURL(new Blob(parts, { type: mimeType }))
  const link = document.createElement('a')
  link.href = url
  link.download = toFileName(name)
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
