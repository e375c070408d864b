/** Budgets of the connected wallet that this browser knows nothing of: another device's, or its own before its data were cleared. */
import {
  type Chain,
  type ChannelOpening,
  findLocked,
  type LockedByKey,
  parseRecoveryFile,
  sumLocked,
} from '../../channels/index.ts'
import type { Address } from '../../tron/index.ts'
import { type Amount, toAmount } from '../../units/index.ts'

export interface LockedElsewhere {
  /** The key that could spend it. */
  readonly signer: Address
  /** What comes back at most: seeders may redeem what they were promised until the delay is over. */
  readonly amount: Amount
  /** Of it, what comes back at once. */
  readonly atOnce: Amount
  /** Transactions that are signed now, and later: 0 or 1. */
  readonly signaturesNow: number
  readonly signaturesLater: number
  /** Channels whose record the node does not have any more. */
  readonly unreadable: number
}

export interface Elsewhere {
  /** What is locked there, largest first, as of the last look. */
  list(): readonly LockedElsewhere[]
  /** Looks at the chain for a wallet; the answer comes by `onFound`. Nothing is looked for without one. */
  look(owner: Address | null): void
  /** Looks with the openings of a recovery file too, from then on. Throws ChannelError 'bad-recovery-file', ChainError. */
  lookWith(owner: Address, file: string): Promise<void>
  /** Reads one anew, to take it back; null where nothing of it is left. */
  find(owner: Address, signer: Address): Promise<LockedByKey | null>
  stop(): void
}

export interface ElsewhereOptions {
  readonly chain: () => Promise<Chain>
  /** The key of the budget in hand: that one is not elsewhere. */
  readonly getOwnSigner: () => Address | null
  readonly onFound: () => void
}

export function createElsewhere({ chain, getOwnSigner, onFound }: ElsewhereOptions): Elsewhere {
  let found: readonly LockedElsewhere[] = []
  let looks = 0
  let openings: readonly ChannelOpening[] = []

  async function read(owner: Address): Promise<readonly LockedByKey[]> {
    // A node that has no event server cannot tell: `npm run recover` can, from a block or a file.
    return (await findLocked(await chain(), owner, { openings })) ?? []
  }

  return {
    list: () => found.filter(({ signer }) => signer !== getOwnSigner()),
    look(owner) {
      looks += 1
      const own = looks
      const publish = (next: typeof found): void => {
        if (own !== looks) return
        found = next
        onFound()
      }
      if (owner === null) return publish([])
      // A node that does not answer is named by whatever else is asked of it.
      read(owner).then(
        (groups) => publish(groups.map(toElsewhere)),
        () => publish([]),
      )
    },
    async lookWith(owner, file) {
      openings = parseRecoveryFile(file, (await chain()).network)
      looks += 1
      found = (await read(owner)).map(toElsewhere)
      onFound()
    },
    find: async (owner, signer) => (await read(owner)).find((group) => group.signer === signer) ?? null,
    stop() {
      looks += 1
    },
  }
}

function toElsewhere(group: LockedByKey): LockedElsewhere {
  const { signer, purse, channels, unreadable } = group
  const open = channels.filter(({ closeAtSec }) => closeAtSec === null)
  return {
    signer,
    amount: toAmount(sumLocked(group)),
    atOnce: purse,
    signaturesNow: (purse > 0n ? 1 : 0) + open.length,
    signaturesLater: channels.length > 0 ? 1 : 0,
    unreadable: unreadable.length,
  }
}
