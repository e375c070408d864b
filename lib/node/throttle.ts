/** At once, then at most once each interval, with the last call never lost. */
export function throttle(run: () => void, intervalMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | null = null
  let isPending = false
  const fire = (): void => {
    isPending = false
    timer = setTimeout(() => {
      timer = null
      if (isPending) fire()
    }, intervalMs)
    run()
  }
  return () => {
    if (timer) isPending = true
    else fire()
  }
}
