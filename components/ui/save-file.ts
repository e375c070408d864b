import { toFileName } from '@/lib/units/index.ts'

/** Hands bytes or text to the browser as a download; of `name` stays what a file may be called. */
export function saveFile(name: string, content: Uint8Array | string, mimeType: string): void {
  const part = typeof content === 'string' ? content : new Uint8Array(content)
  const url = URL.createObjectURL(new Blob([part], { type: mimeType }))
  const link = document.createElement('a')
  link.href = url
  link.download = toFileName(name)
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
