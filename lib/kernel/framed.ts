/**
 * Whether another page shows this one in a frame. Framed, the site only watches: a frame can be made invisible and laid
 * under a click that was meant for something else, so nothing about money is done or shown there.
 */
export function isFramed(): boolean {
  if (typeof window === 'undefined') return false
  return window.top !== window.self || (window.location.ancestorOrigins?.length ?? 0) > 0
}
