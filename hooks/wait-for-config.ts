import type { SiteConfig } from '@/lib/config/index.ts'
import type { PiecemealNode } from '@/lib/site/index.ts'

/** The site's configuration once it is there; null when it could not be loaded. */
export function waitForConfig({ app }: PiecemealNode): Promise<SiteConfig | null> {
  return new Promise((resolve) => {
    const check = (): void => {
      const { config, problem } = app.get()
      if (!config && !problem) return
      stop()
      resolve(config)
    }
    let stop = (): void => undefined
    stop = app.subscribe(check)
    check()
  })
}
