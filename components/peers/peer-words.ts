import type { PeerMoney } from '@/lib/exchange/index.ts'
import type { PeerRow, WatchSnapshot } from '@/lib/features/library/index.ts'
import { type Amount, formatAmount, showHidden } from '@/lib/units/index.ts'

/** Where a peer stands with money, in words. */
export function sayPeerMoney(money: PeerMoney): string {
  switch (money.status) {
    case 'free':
      return 'Free'
    case 'own':
      return 'Your own account: not paid'
    case 'quoted':
      return money.tooDear ? 'Asks more than your maximum' : 'Sells speed'
    case 'opening':
      return 'Setting up payment'
    case 'paying':
      return `Paid for ${money.paidPieces} ${money.paidPieces === 1 ? 'piece' : 'pieces'}`
    case 'exhausted':
      return money.remaining > 0n ? 'Not paid now' : 'Its seat is used up, serves free'
    case 'stalled':
      return 'Sent nothing when paid; asked for free pieces now'
    case 'buyer':
      return 'Pays you'
    case 'refused':
      return `Refused: ${showHidden(money.reason)}`
  }
}

/** Why a peer was banned, in words. What it had been paid for was verified before. */
export function sayBan(code: string): string {
  return code === 'bad-piece'
    ? 'Sent a bad piece: not paid for it, refused for this visit'
    : 'Broke the rules: refused for this visit'
}

/** What it asks per MiB, or null when it sells nothing. */
export function getAsk(money: PeerMoney): Amount | null {
  return 'askPerMiB' in money ? money.askPerMiB : null
}

/** The highest price that a seeder in sight asks, or null when none sells. */
export function findHighestAsk(torrents: readonly WatchSnapshot[]): Amount | null {
  const asks = torrents.flatMap(({ peers }) => peers.flatMap(({ money }) => getAsk(money) ?? []))
  return asks.sort((a, b) => (a < b ? 1 : -1))[0] ?? null
}

/** Whether a seeder in sight sells at this price; false too where none sells. */
export function isAnyInReach(torrents: readonly WatchSnapshot[], maxAskPerMiB: Amount): boolean {
  return torrents.some(({ peers }) =>
    peers.some(({ money }) => {
      const ask = getAsk(money)
      return ask !== null && ask > 0n && ask <= maxAskPerMiB
    }),
  )
}

/** What we promised it in vouchers (or it us), with its sign in words; null while nothing is between us. */
export function sayPaid(money: PeerMoney): string | null {
  if (money.status === 'buyer') return `+ ${formatAmount(money.earned, 4)}`
  return 'paid' in money ? formatAmount(money.paid, 4) : null
}

/** A tip comes out of what its seat still covers, whether pieces are being paid or not. */
export const canTip = (money: PeerMoney): boolean => 'remaining' in money && money.remaining > 0n

/** The account that is paid, where a peer proved one. */
export const getPayee = (money: PeerMoney): string | null => ('payee' in money ? money.payee : null)

export function sayTransport({ transport, isSeeder }: PeerRow): string {
  const kind = transport === 'webrtc' ? 'WebRTC' : transport === 'tcp' ? 'TCP' : 'web seed'
  return isSeeder ? `${kind}, has it all` : kind
}

/** Who was paid for a torrent that is complete and can still be tipped, an account once. */
export function findThanked({ lengthBytes, verifiedBytes, peers }: WatchSnapshot): readonly PeerRow[] {
  if (lengthBytes === 0 || verifiedBytes < lengthBytes) return []
  const rows = peers.filter(({ money }) => 'paid' in money && money.paid > 0n && canTip(money))
  return rows.filter((row, i) => rows.findIndex(({ money }) => getPayee(money) === getPayee(row.money)) === i)
}
