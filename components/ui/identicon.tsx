import { minidenticon } from 'minidenticons'

const SATURATION = 60
const LIGHTNESS = 45

/** A picture of an address, so that one sees at a glance who is who. The address stands beside it in text. */
export function Identicon({ address }: { readonly address: string }) {
  const svg = minidenticon(address, SATURATION, LIGHTNESS)
  return (
    // biome-ignore lint/performance/noImgElement: a data URI has nothing to optimise
    <img
      src={`data:image/svg+xml;utf8,${encodeURIComponent(svg)}`}
      alt=""
      className="size-8 shrink-0 rounded-lg bg-sunken"
    />
  )
}
