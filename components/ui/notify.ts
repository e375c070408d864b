/** Toasts. Their code is loaded with the first one, so the first paint does not wait for it. */
import type { Problem } from '@/lib/kernel/index.ts'

export interface NoticeOptions {
  readonly description?: string
  readonly durationMs?: number
  readonly action?: { readonly label: string; onClick(): void }
}

const load = () => import('sonner')

/** Says that something happened. */
export async function notify(words: string, options: NoticeOptions = {}): Promise<void> {
  const { toast } = await load()
  const { description, durationMs, action } = options
  toast(words, { description, action, ...(durationMs === undefined ? {} : { duration: durationMs }) })
}

/** Says what went wrong, what it means for the money and what to do. */
export async function notifyProblem({ title, money, action }: Omit<Problem, 'code'>): Promise<void> {
  const { toast } = await load()
  toast.error(title, { description: `${money} ${action}`, duration: 10_000 })
}

/** The user said no in the wallet: a cancelled action, not a failure. */
export const notifyCancelled = (): Promise<void> => notify('You declined in your wallet. No BTT moved.')
