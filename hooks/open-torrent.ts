/** Opens what a person gave. A bad source is refused before consent is asked for; a good one waits for it. */
import type { AddOutcome } from '@/lib/features/library/index.ts'
import type { PiecemealNode } from '@/lib/site/index.ts'
import { dropConsent, wantConsent } from './consent-wanted.ts'
import { loadNode } from './load-node.ts'

async function withConsent(run: (node: PiecemealNode) => Promise<AddOutcome>): Promise<AddOutcome> {
  const node = await loadNode()
  const pending = run(node)
  if (node.app.get().consent) return pending
  // Text is parsed at once, so a refusal is here before the next task: no sheet flashes up for it.
  const first = await Promise.race([pending, new Promise<null>((resolve) => setTimeout(() => resolve(null)))])
  if (first) return first
  wantConsent()
  const outcome = await pending
  if (outcome.status === 'refused') dropConsent()
  return outcome
}

export const openText = (text: string): Promise<AddOutcome> =>
  withConsent((node) => node.commands.addText(text))

/** `onRead` hears how much of files to seed was read, in whole percent. */
export const openFiles = (files: readonly File[], onRead: (percent: number) => void): Promise<AddOutcome> => {
  let last = -1
  return withConsent((node) =>
    node.commands.addFiles(files, (share) => {
      const percent = Math.floor(share * 100)
      if (percent !== last) onRead(percent)
      last = percent
    }),
  )
}
