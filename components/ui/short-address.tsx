export const shortenAddress = (address: string): string => `${address.slice(0, 5)}…${address.slice(-5)}`

/** A TRON address cut in the middle, whole for screen readers and on hover. */
export function ShortAddress({ address }: { readonly address: string }) {
  return (
    <span className="font-mono text-[0.92em]" title={address}>
      <span aria-hidden>{shortenAddress(address)}</span>
      <span className="sr-only">{address}</span>
    </span>
  )
}
