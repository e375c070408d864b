/** Sellers' signed final figures: asked for on one wire, and collected over all of them. */
import { type Hex, WireError } from '../../base/index.ts'
import { type Payer, type SellerId, sellerKey } from '../../payments/index.ts'
import type { ReleaseMessage, SendMessage } from '../wire/message.ts'

/** The requests for a release that wait on one wire, one a channel. */
export class Releases {
  readonly #send: SendMessage
  readonly #onReleased: (channelId: Hex) => void
  readonly #waiting = new Map<Hex, (isReleased: boolean) => void>()

  /** `onReleased` runs before the payer hears of it: nothing more is paid in that seat. */
  constructor(send: SendMessage, onReleased: (channelId: Hex) => void) {
    this.#send = send
    this.#onReleased = onReleased
  }

  /** Asks; resolves true once the payer holds the release. `proof` is of purpose 'release', for this wire. */
  request(payer: Payer, { payee }: SellerId, channelId: Hex, proof: Hex): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.get(channelId)?.(false)
      this.#waiting.set(channelId, resolve)
      const latest = payer.getLatestVoucher(channelId, payee)
      this.#send({ type: 'releaseRequest', channelId, proof, latest })
    })
  }

  /** Hands a release that was asked for on to the payer. Throws WireError for one above what we promised. */
  accept(payer: Payer, { payee }: SellerId, message: ReleaseMessage): void {
    const { channelId, cumulative, signature } = message
    const waiting = this.#waiting.get(channelId)
    if (!waiting) return
    if (cumulative > (payer.getLatestVoucher(channelId, payee)?.cumulative ?? 0n)) {
      throw new WireError('bogus-release', 'a release above what we promised')
    }
    this.#waiting.delete(channelId)
    this.#onReleased(channelId)
    payer.acceptRelease({ channelId, payee, cumulative, signature }).then(waiting, () => waiting(false))
  }

  /** The seller gives none; false where none was asked for. */
  refuse(channelId: Hex): boolean {
    const waiting = this.#waiting.get(channelId)
    this.#waiting.delete(channelId)
    waiting?.(false)
    return waiting !== undefined
  }

  close(): void {
    for (const resolve of this.#waiting.values()) resolve(false)
    this.#waiting.clear()
  }
}

/** The buying side of a wire, as far as releases go. */
interface ReleasingWire {
  readonly seller: SellerId | null
  requestRelease(channelId: Hex): Promise<boolean>
}

/** Asks each seller for its release of each channel, on all of its wires: one may be a forwarder's, or be dying. */
export async function collectReleases(
  buyers: Iterable<ReleasingWire>,
  channelIds: readonly Hex[],
): Promise<void> {
  const wires = new Map<string, ReleasingWire[]>()
  for (const buyer of buyers) {
    if (!buyer.seller) continue
    const key = sellerKey(buyer.seller)
    wires.set(key, [...(wires.get(key) ?? []), buyer])
  }
  await Promise.all(
    [...wires.values()].flatMap((each) =>
      channelIds.map((channelId) => anyTrue(each.map((buyer) => buyer.requestRelease(channelId)))),
    ),
  )
}

/** True as soon as one is, false when all are not. */
async function anyTrue(answers: readonly Promise<boolean>[]): Promise<boolean> {
  const demand = async (answer: Promise<boolean>): Promise<true> => {
    if (await answer) return true
    throw new Error('no')
  }
  return Promise.any(answers.map(demand)).catch(() => false)
}
