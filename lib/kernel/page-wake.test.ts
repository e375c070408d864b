import { expect, test } from 'vitest'
import { onPageWake } from './page-wake.ts'

function makePage() {
  const document = Object.assign(new EventTarget(), { visibilityState: 'hidden' as DocumentVisibilityState })
  const ticks: (() => void)[] = []
  const window = Object.assign(new EventTarget(), {
    setInterval: (tick: () => void) => ticks.push(tick),
    clearInterval: (id: number) => void ticks.splice(id - 1, 1),
  })
  let wakes = 0
  const stop = onPageWake(
    () => {
      wakes += 1
    },
    { document, window: window as unknown as Window },
  )
  return { document, window, ticks, stop, wakes: () => wakes }
}

test('a page that is shown again has woken, one that is hidden has not', () => {
  const { document, wakes } = makePage()
  document.dispatchEvent(new Event('visibilitychange'))
  expect(wakes()).toBe(0)
  document.visibilityState = 'visible'
  document.dispatchEvent(new Event('visibilitychange'))
  expect(wakes()).toBe(1)
})

test('coming back from the cache, from being frozen, online and each minute count too', () => {
  const { document, window, ticks, wakes } = makePage()
  window.dispatchEvent(new Event('pageshow'))
  window.dispatchEvent(new Event('online'))
  document.dispatchEvent(new Event('resume'))
  for (const tick of ticks) tick()
  expect(wakes()).toBe(4)
})

test('after its end nothing wakes anybody', () => {
  const { document, window, ticks, stop, wakes } = makePage()
  stop()
  window.dispatchEvent(new Event('online'))
  document.dispatchEvent(new Event('resume'))
  for (const tick of ticks) tick()
  expect(wakes()).toBe(0)
})
