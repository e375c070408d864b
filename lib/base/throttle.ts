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

/** Joins what publishes to the page: any change publishes all of it together, so that figures agree with each other. */
export function createPublisher(intervalMs: number): (publish: () => void) => () => void {
  const publishers: (() => void)[] = []
  const publishAll = throttle(() => {
    for (const publish of publishers) publish()
  }, intervalMs)
  return (publish) => {
    publishers.push(publish)
    return publishAll
  }
}
