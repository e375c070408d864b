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

/** How the node was asked for it. */
export type ElsewhereSearch =
  /** Its event server told, or nothing was asked yet. */
  | { readonly status: 'told' }
  /** It has no event server: its blocks can be read. */
  | { readonly status: 'untold' }
  /** All blocks from the first up to `block` are read. */
  | {
      readonly status: 'reading'
      readonly block: number
      readonly fromBlock: number
      readonly toBlock: number
    }
  /** What was locked since `fromBlock` is found. */
  | { readonly status: 'read'; readonly fromBlock: number }

export interface Elsewhere {
  /** What is locked there, largest first, as of the last look. */
  list(): readonly LockedElsewhere[]
  getSearch(): ElsewhereSearch
  /** Looks at the chain for a wallet; the answer comes by `onChange`. Nothing is looked for without one. */
  look(owner: Address | null): void
  /** Looks with the openings of a recovery file too, from then on. Throws ChannelError 'bad-recovery-file', ChainError. */
  lookWith(owner: Address, file: string): Promise<void>
  /** Reads that many of the newest blocks; what they tell is looked at from then on. Throws ChainError, 'pruned' among them. */
  readBlocks(owner: Address, newest: number): Promise<void>
  /** Ends `readBlocks`, which then resolves. */
  stopReading(): void
  /** Reads one anew, to take it back; null where nothing of it is left. */
  find(owner: Address, signer: Address): Promise<LockedByKey | null>
  stop(): void
}

export interface ElsewhereOptions {
  readonly chain: () => Promise<Chain>
  /** The key of the budget in hand: that one is not elsewhere. */
  readonly getOwnSigner: () => Address | null
  readonly onChange: () => void
}

export function createElsewhere({ chain, getOwnSigner, onChange }: ElsewhereOptions): Elsewhere {
  let found: readonly LockedElsewhere[] = []
  let search: ElsewhereSearch = { status: 'told' }
  let owner: Address | null = null
  /** What a file or the blocks told, which the node cannot: openings, and keys of purses. */
  let openings: readonly ChannelOpening[] = []
  let signers: readonly Address[] = []
  let looks = 0
  let reading: AbortController | null = null

  /** Another account's purses and openings are nothing to this one. */
  function turnTo(next: Address | null): void {
    if (next === owner) return
    owner = next
    found = openings = signers = []
    search = { status: 'told' }
    reading?.abort()
  }

  const read = async (of: Address): Promise<readonly LockedByKey[] | null> =>
    findLocked(await chain(), of, { openings, signers })

  return {
    list: () => found.filter(({ signer }) => signer !== getOwnSigner()),
    getSearch: () => search,
    look(next) {
      turnTo(next)
      looks += 1
      const own = looks
      const show = (groups: readonly LockedByKey[] | null): void => {
        if (own !== looks) return
        found = (groups ?? []).map(toElsewhere)
        if (groups === null && search.status === 'told') search = { status: 'untold' }
        onChange()
      }
      if (next === null) return show([])
      // A node that does not answer is named by whatever else is asked of it.
      read(next).then(show, () => show([]))
    },
    async lookWith(of, file) {
      turnTo(of)
      openings = [...openings, ...parseRecoveryFile(file, (await chain()).network)]
      looks += 1
      found = ((await read(of)) ?? []).map(toElsewhere)
      onChange()
    },
    async readBlocks(of, newest) {
      turnTo(of)
      reading?.abort()
      const own = new AbortController()
      reading = own
      let fromBlock = 0
      const onProgress = (block: number, from: number, toBlock: number): void => {
        if (own.signal.aborted) return
        fromBlock = from
        search = { status: 'reading', block, fromBlock, toBlock }
        onChange()
      }
      search = { status: 'reading', block: 0, fromBlock: 0, toBlock: newest }
      onChange()
      try {
        const scan = { from: { newest }, onProgress, signal: own.signal }
        const groups = (await findLocked(await chain(), of, { openings, signers, scan })) ?? []
        if (own.signal.aborted) return
        looks += 1
        openings = groups.flatMap(({ channels }) => channels)
        signers = groups.map(({ signer }) => signer)
        found = groups.map(toElsewhere)
        search = { status: 'read', fromBlock }
      } catch (error) {
        if (own.signal.aborted) return
        search = { status: 'untold' }
        throw error
      } finally {
        if (reading === own) reading = null
        onChange()
      }
    },
    stopReading() {
      if (!reading) return
      reading.abort()
      search = { status: 'untold' }
      onChange()
    },
    find: async (of, signer) => (await read(of))?.find((group) => group.signer === signer) ?? null,
    stop() {
      looks += 1
      reading?.abort()
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
