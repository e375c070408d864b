import { toast } from 'sonner'

/** Copies text; tells the user when the browser forbids it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    toast.success('Copied.')
    return true
  } catch {
    toast.error('The browser does not let this page copy. Select the text and copy it yourself.')
    return false
  }
}
