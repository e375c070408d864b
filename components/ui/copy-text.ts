import { notify } from './notify.ts'

/** Copies text; tells the user when the browser forbids it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    void notify('Copied.')
    return true
  } catch {
    void notify('The browser does not let this page copy. Select the text and copy it yourself.')
    return false
  }
}
