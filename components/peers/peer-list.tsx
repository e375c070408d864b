'use client'
import { useFramed } from '@/hooks/use-framed.ts'
import type { PeerRow, WatchSnapshot } from '@/lib/features/library/index.ts'
import type { BannedPeer } from '@/lib/torrent/index.ts'
import { formatAmount, formatBytes, formatRate } from '@/lib/units/index.ts'
import { classNames } from '../ui/class-names.ts'
import { ForeignText } from '../ui/foreign-text.tsx'
import { Identicon } from '../ui/identicon.tsx'
import { ShortAddress } from '../ui/short-address.tsx'
import { canTip, getAsk, getPayee, sayBan, sayPaid, sayPeerMoney, sayTransport } from './peer-words.ts'
import { TipPopover } from './tip-popover.tsx'

const CELL = 'flex justify-between gap-4 py-1 md:table-cell md:px-3 md:py-3 md:text-right'

function Cell({ label, children }: { readonly label: string; readonly children: string | null }) {
  return (
    <td className={CELL}>
      <span className="text-muted md:hidden">{label}</span>
      <span className="tabular-nums">{children ?? '—'}</span>
    </td>
  )
}

/** Who sells is an account; who gives for free is a program. */
function PeerName({ peer }: { readonly peer: PeerRow }) {
  const payee = getPayee(peer.money)
  const client = <ForeignText text={peer.client} />
  if (payee === null)
    return (
      <>
        <span className="block font-semibold">{client}</span>
        <span className="block text-xs text-muted">{sayTransport(peer)}</span>
      </>
    )
  return (
    <span className="flex items-center gap-3">
      <Identicon address={payee} />
      <span className="min-w-0">
        <span className="block font-semibold">
          <ShortAddress address={payee} />
        </span>
        <span className="block text-xs text-muted">
          {client}, {sayTransport(peer)}
        </span>
      </span>
    </span>
  )
}

function PeerLine({ infoHash, peer }: { readonly infoHash: string; readonly peer: PeerRow }) {
  const ask = getAsk(peer.money)
  const isPaid = peer.money.status === 'paying'
  return (
    <tr className="block border-t border-line px-4 py-3 md:table-row md:p-0" data-testid="peer">
      <th scope="row" className="block text-left font-normal md:table-cell md:py-3 md:pl-5">
        <PeerName peer={peer} />
      </th>
      <Cell label="From it">{formatBytes(peer.verifiedBytes)}</Cell>
      <Cell label="Rate">{formatRate(peer.downloadBytesPerSec)}</Cell>
      <Cell label="Price per MiB">{ask === null ? null : formatAmount(ask, 4)}</Cell>
      <Cell label={peer.money.status === 'buyer' ? 'Earned' : 'Paid'}>{sayPaid(peer.money)}</Cell>
      <td className="flex items-center justify-between gap-3 pt-2 md:table-cell md:py-2 md:pr-5 md:pl-3 md:text-right">
        <span
          className={classNames(
            'text-sm md:mr-3',
            isPaid ? 'font-medium text-pay' : peer.money.status === 'buyer' ? 'text-earn' : 'text-muted',
          )}
        >
          {sayPeerMoney(peer.money)}
        </span>
        <TipPopover infoHash={infoHash} peer={peer} />
      </td>
    </tr>
  )
}

function BannedLine({ peer }: { readonly peer: BannedPeer }) {
  return (
    <tr
      className="block border-t border-line px-4 py-3 text-muted md:table-row md:p-0"
      data-testid="banned-peer"
    >
      <th scope="row" className="block text-left font-normal md:table-cell md:py-3 md:pl-5">
        <span className="block font-semibold">
          <ForeignText text={peer.client} />
        </span>
        <span className="block text-xs">Banned</span>
      </th>
      <td className="block pt-2 text-sm md:table-cell md:py-2 md:pr-5 md:text-right" colSpan={5}>
        {sayBan(peer.code)}
      </td>
    </tr>
  )
}

function NoPeers({ torrent }: { readonly torrent: WatchSnapshot }) {
  return (
    <p className="px-4 pb-5 text-sm text-muted sm:px-5">
      {torrent.state.status === 'paused'
        ? 'The transfer is paused, so no peer is asked. Resume it to go on.'
        : 'No peers yet. A page reaches only peers that speak WebRTC: other browsers and WebRTC seeders. Leave it open; it connects as soon as one appears.'}
    </p>
  )
}

/** Who sends the pieces, what they ask and what they got. */
export function PeerList({ torrent }: { readonly torrent: WatchSnapshot }) {
  const isFramed = useFramed()
  const { peers, bannedPeers = [] } = torrent
  return (
    <section aria-labelledby="peers" className="card overflow-hidden">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 px-4 pt-4 pb-3 sm:px-5">
        <h2 id="peers" className="font-semibold">
          Peers
        </h2>
        {peers.length > 0 && !peers.some(({ money }) => canTip(money)) && !isFramed ? (
          <p className="text-sm text-muted">Pay for speed to tip a seeder.</p>
        ) : null}
      </div>
      {peers.length + bannedPeers.length === 0 ? (
        <NoPeers torrent={torrent} />
      ) : (
        <table className="w-full text-sm">
          <thead className="sr-only md:not-sr-only md:table-header-group">
            <tr className="text-xs text-muted">
              <th className="pb-2 pl-5 text-left font-medium">Peer</th>
              <th className="px-3 pb-2 text-right font-medium">From it</th>
              <th className="px-3 pb-2 text-right font-medium">Rate</th>
              <th className="px-3 pb-2 text-right font-medium">Price per MiB</th>
              <th className="px-3 pb-2 text-right font-medium">Paid</th>
              <th className="pr-5 pb-2 text-right font-medium">Status</th>
            </tr>
          </thead>
          <tbody className="block md:table-row-group">
            {peers.map((peer) => (
              <PeerLine key={peer.peerKey} infoHash={torrent.infoHash} peer={peer} />
            ))}
            {bannedPeers.map((peer) => (
              <BannedLine key={peer.peerKey} peer={peer} />
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
