/** The contract's views that our client asks for by `look`, or reckons itself: one by one, against our own. */

import { bytesToHex } from '../../lib/base/index.ts'
import {
  domainSeparator,
  encodeCall,
  openDigest,
  releaseDigest,
  swarmChannelsAbi,
  voucherDigest,
} from '../../lib/channels/index.ts'
import type { Network } from '../../lib/tron/index.ts'
import { callConstant, toAbiAddress } from '../../lib/tron/index.ts'
import type { Amount } from '../../lib/units/index.ts'
import type { Cast } from './cast.ts'
import type { PlannedChannel } from './channels.ts'
import { expectSame } from './expect-same.ts'
import type { Run } from './run.ts'

const OPEN = 1n

/** Asks of an open channel with one seat that has redeemed. Resolves with a word for the record; throws ConformanceStop 'failed'. */
export async function readViews(
  run: Run,
  network: Network,
  { payees, session }: Cast,
  plan: PlannedChannel,
  redeemed: { readonly payee: number; readonly claimed: Amount },
): Promise<string> {
  const abi = run.codec.createInterface(swarmChannelsAbi)
  const { address } = payees[redeemed.payee]!
  const seat = toAbiAddress(address)
  const voucher = { channelId: plan.id, payee: address, cumulative: redeemed.claimed }
  const settlement = { channel: plan.channel, leaves: plan.leaves, releases: [] }
  const [channel, leaves] = encodeCall({ kind: 'settle', settlement }, () => true).args
  const cap = plan.leaves.find(({ payee }) => payee === address)!.cap
  const views: readonly (readonly [name: string, args: readonly unknown[], wanted: readonly unknown[]])[] = [
    ['token', [], [toAbiAddress(network.token)]],
    ['seat', [plan.id, seat], [cap, redeemed.claimed]],
    ['channelState', [plan.id], [OPEN, toAbiAddress(session.address), 0n]],
    ['channelId', [channel], [plan.id]],
    ['seatTree', [leaves], [plan.channel.root, plan.channel.total]],
    ['domainSeparator', [], [bytesToHex(domainSeparator(network))]],
    ['voucherDigest', [plan.id, seat, redeemed.claimed], [bytesToHex(voucherDigest(voucher, network))]],
    ['openDigest', [plan.id], [bytesToHex(openDigest(voucher, network))]],
    ['releaseDigest', [plan.id, seat, redeemed.claimed], [bytesToHex(releaseDigest(voucher, network))]],
  ]
  for (const [functionName, args, wanted] of views) {
    const call = { target: network.contract, functionName, args, from: network.contract }
    const { output } = await callConstant(run.node, call, abi)
    for (const [i, value] of wanted.entries())
      expectSame(`${functionName} of “${plan.name}”`, String(output[i]).toLowerCase(), String(value))
  }
  return `${views.length} views as reckoned here`
}
