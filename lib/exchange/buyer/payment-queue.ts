/** Verified pieces and tips of one wire, paid one after the other. A piece that the seat cannot cover waits for the next seat. */
import type { Payer, SellerId } from '../../payments/index.ts'
import { type Amount, toAmount, ZERO_AMOUNT } from '../../units/index.ts'
import type { PayMessage } from '../wire/message.ts'

interface QueuedPiece {
  readonly kind: 'piece'
  readonly pieceIndex: number
  readonly lengthBytes: number
}
interface QueuedTip {
  readonly kind: 'tip'
  readonly amount: Amount
  readonly memo: string
  readonly resolve: (isPaid: boolean) => void
}

interface PaymentFigures {
  readonly paid: Amount
  readonly tipped: Amount
  readonly paidPieces: number
  readonly paidBytes: number
}

export interface PaymentQueue {
  addPiece(pieceIndex: number, lengthBytes: number): void
  /** Resolves false when the seat does not cover it; nothing is paid then. */
  addTip(amount: Amount, memo: string): Promise<boolean>
  /** Goes on with what waits, unless the seat failed it and nothing changed since. */
  run(): void
  /** Money or seats changed: the next `run` tries again. */
  unblock(): void
  /** What the waiting items will cost. */
  getPendingAmount(): Amount
  getFigures(): PaymentFigures
  isIdle(): boolean
  /** Resolves when nothing is being signed. Items that no seat covers may still wait. */
  whenIdle(): Promise<void>
}

export function createPaymentQueue(options: {
  readonly infoHash: string
  readonly torrentName: () => string
  readonly getPayer: () => Payer | null
  readonly getSeller: () => SellerId | null
  /** False while a release is being asked for: a voucher that crosses it would be worth nothing to the seller. */
  readonly mayPay: () => boolean
  readonly priceOf: (lengthBytes: number) => Amount
  /** The voucher is persisted: send it. */
  readonly onPaid: (message: PayMessage) => void
  readonly onEmptySeat: () => void
  readonly onError: (error: unknown) => void
}): PaymentQueue {
  const items: (QueuedPiece | QueuedTip)[] = []
  let running: Promise<void> | null = null
  let isBlocked = false
  let paid: Amount = ZERO_AMOUNT
  let tipped: Amount = ZERO_AMOUNT
  let paidPieces = 0
  let paidBytes = 0

  const amountOf = (item: QueuedPiece | QueuedTip): Amount =>
    item.kind === 'tip' ? item.amount : options.priceOf(item.lengthBytes)

  function count(item: QueuedPiece | QueuedTip, amount: Amount): void {
    if (item.kind === 'tip') {
      tipped = toAmount(tipped + amount)
      return
    }
    paid = toAmount(paid + amount)
    paidPieces += 1
    paidBytes += item.lengthBytes
  }

  /** False when the item must wait. */
  async function payNext(item: QueuedPiece | QueuedTip): Promise<boolean> {
    const payer = options.getPayer()
    const seller = options.getSeller()
    const amount = amountOf(item)
    const isTip = item.kind === 'tip'
    const lengthBytes = isTip ? 0 : item.lengthBytes
    const pieceIndex = isTip ? null : item.pieceIndex
    const voucher =
      payer && seller
        ? await payer.pay(seller, amount, {
            infoHash: options.infoHash,
            torrentName: options.torrentName(),
            pieceIndex,
            lengthBytes,
            memo: isTip ? item.memo : null,
          })
        : null
    if (!voucher && !isTip) return false
    items.shift()
    if (voucher) {
      count(item, amount)
      options.onPaid({
        type: 'pay',
        channelId: voucher.channelId,
        cumulative: voucher.cumulative,
        signature: voucher.signature,
        amount,
        lengthBytes,
        pieceIndex,
        tipMemo: isTip ? item.memo : null,
      })
    }
    if (isTip) item.resolve(voucher !== null)
    return true
  }

  async function runAll(): Promise<void> {
    for (let item = items[0]; item && options.mayPay(); item = items[0]) {
      if (await payNext(item)) continue
      isBlocked = true
      // Tips behind a waiting piece must not hang: nothing covers them either.
      for (const waiting of items) if (waiting.kind === 'tip') waiting.resolve(false)
      const pieces = items.filter((waiting) => waiting.kind === 'piece')
      items.splice(0, items.length, ...pieces)
      return
    }
  }

  function run(): void {
    if (running || isBlocked || items.length === 0 || !options.mayPay()) return
    running = runAll()
      .catch(options.onError)
      .finally(() => {
        running = null
        options.onEmptySeat()
      })
  }

  return {
    addPiece(pieceIndex, lengthBytes) {
      items.push({ kind: 'piece', pieceIndex, lengthBytes })
      run()
    },
    addTip(amount, memo) {
      return new Promise((resolve) => {
        if (isBlocked) return resolve(false)
        items.push({ kind: 'tip', amount, memo, resolve })
        run()
      })
    },
    run,
    unblock() {
      isBlocked = false
    },
    getPendingAmount: () => toAmount(items.reduce((sum, item) => sum + amountOf(item), 0n)),
    getFigures: () => ({ paid, tipped, paidPieces, paidBytes }),
    isIdle: () => running === null,
    whenIdle: () => running ?? Promise.resolve(),
  }
}
