import { Wallet } from 'lucide-react'

/** The picture that a wallet announced (a data: URI), or ours. The name beside it says whose it is. */
export function WalletIcon({ icon }: { readonly icon: string | null }) {
  if (icon === null) return <Wallet className="size-5" aria-hidden />
  // biome-ignore lint/performance/noImgElement: a data: URI has nothing to optimise
  return <img src={icon} alt="" className="size-7" />
}
