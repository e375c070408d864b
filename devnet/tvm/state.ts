/**
 * The chain's state as layers: a checkpoint opens one, commit takes it down into the one below, revert drops it. Every
 * table lies in the same layers, so what a call did is taken back as a whole.
 */
import { ProgramError } from '../../lib/base/index.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { Permission } from '../codec/contract-body.ts'
import type { ContractLoad } from './dynamic-energy.ts'
import { LayeredTable } from './layered-table.ts'

/** A resource in use as of a time; it recovers linearly over 24 hours. */
export interface ResourceUsage {
  readonly amount: number
  readonly atMs: number
}

/** Sun by resource. */
export type StakedSun = Readonly<Record<'BANDWIDTH' | 'ENERGY', bigint>>

/** Staked TRX lent to another account. */
export interface Delegation {
  readonly receiver: AccountId
  readonly resource: keyof StakedSun
  readonly amountSun: bigint
  /** It cannot be taken back before; 0 without a lock. */
  readonly lockedUntilMs: number
}

/** What TRON keeps of an account beside its balance, code and storage. */
export interface AccountMeta {
  readonly createdAtMs: number
  readonly lastOperationMs: number
  readonly freeNet: ResourceUsage
  readonly net: ResourceUsage
  readonly energy: ResourceUsage
  /** Staked and at the account's own use. */
  readonly staked: StakedSun
  /** Others' staked TRX at this account's use. */
  readonly acquired: StakedSun
  readonly delegations: readonly Delegation[]
  readonly unstaking: readonly {
    readonly resource: keyof StakedSun
    readonly amountSun: bigint
    readonly expiresAtMs: number
  }[]
  /** null: the account's own key may do everything. */
  readonly permissions: AccountPermissions | null
}

export interface AccountPermissions {
  readonly owner: Permission
  readonly actives: readonly Permission[]
}

const UNUSED: ResourceUsage = { amount: 0, atMs: 0 }
const NOTHING_STAKED: StakedSun = { BANDWIDTH: 0n, ENERGY: 0n }

/** What is kept of an account that did nothing yet. */
export function newAccountMeta(createdAtMs: number): AccountMeta {
  return {
    createdAtMs,
    lastOperationMs: 0,
    freeNet: UNUSED,
    net: UNUSED,
    energy: UNUSED,
    staked: NOTHING_STAKED,
    acquired: NOTHING_STAKED,
    delegations: [],
    unstaking: [],
    permissions: null,
  }
}

type TokenKey = `${AccountId}/${string}`
type SlotKey = `${AccountId}_${string}`

/** A copy of every committed row. */
export type StateCapture = readonly ReadonlyMap<unknown, unknown>[]

const NO_CODE = new Uint8Array(0)

export class TvmState {
  /** Sun. An account exists where it has a row. */
  readonly #balances = new LayeredTable<AccountId, bigint>()
  /** A contract exists where it has a row, one without code too. */
  readonly #codes = new LayeredTable<AccountId, Uint8Array>()
  readonly #slots = new LayeredTable<SlotKey, bigint>()
  readonly #tokens = new LayeredTable<TokenKey, bigint>()
  readonly #metas = new LayeredTable<AccountId, AccountMeta>()
  readonly #loads = new LayeredTable<AccountId, ContractLoad>()
  /** Forgotten at the end of each transaction. */
  readonly #transient = new LayeredTable<SlotKey, bigint>()
  /** Rows that were emptied since the last commit to the ground. */
  readonly #touchedRows = new Set<SlotKey>()
  readonly #tables: readonly LayeredTable<never, unknown>[] = [
    this.#balances,
    this.#codes,
    this.#slots,
    this.#tokens,
    this.#metas,
    this.#loads,
    this.#transient,
  ] as never

  /** How many layers lie above each other; 1 when no work is under way. */
  get depth(): number {
    return this.#slots.depth
  }

  checkpoint(): void {
    for (const table of this.#tables) table.push()
  }

  commit(): void {
    for (const table of this.#tables) table.merge()
    if (this.depth === 1) this.#dropEmptyRows()
  }

  revert(): void {
    for (const table of this.#tables) table.drop()
  }

  accountExists(id: AccountId): boolean {
    return this.#balances.get(id) !== undefined
  }

  getBalance(id: AccountId): bigint {
    return this.#balances.get(id) ?? 0n
  }

  /** Makes the account if there is none. */
  setBalance(id: AccountId, balanceSun: bigint): void {
    this.#balances.set(id, balanceSun)
  }

  /** True also for one whose creation is under way, and for one without code. */
  isContract(id: AccountId): boolean {
    return this.#codes.get(id) !== undefined
  }

  /** The array belongs to the state and is always the same one for the same code. */
  getCode(id: AccountId): Uint8Array {
    return this.#codes.get(id) ?? NO_CODE
  }

  setCode(id: AccountId, code: Uint8Array): void {
    this.#codes.set(id, code)
  }

  getSlot(id: AccountId, slot: bigint): bigint {
    return this.#slots.get(slotKey(id, slot)) ?? 0n
  }

  /** A row that is set to 0 stays one until its transaction ends. */
  setSlot(id: AccountId, slot: bigint, value: bigint): void {
    const key = slotKey(id, slot)
    this.#slots.set(key, value)
    if (value === 0n) this.#touchedRows.add(key)
  }

  /** True for a slot with a value, and for one that was written to 0 in a layer that is not committed to the ground yet. */
  hasSlotRow(id: AccountId, slot: bigint): boolean {
    return this.#slots.get(slotKey(id, slot)) !== undefined
  }

  getTransient(id: AccountId, slot: bigint): bigint {
    return this.#transient.get(slotKey(id, slot)) ?? 0n
  }

  setTransient(id: AccountId, slot: bigint, value: bigint): void {
    this.#transient.set(slotKey(id, slot), value)
  }

  clearTransient(): void {
    this.#transient.clear()
  }

  /** Takes an account away with its code, storage and tokens. */
  deleteAccount(id: AccountId): void {
    this.#balances.remove(id)
    this.#codes.remove(id)
    this.#metas.remove(id)
    this.#loads.remove(id)
    for (const [key] of [...this.#slots.entries()]) if (key.startsWith(`${id}_`)) this.#slots.remove(key)
    for (const [key] of [...this.#tokens.entries()]) if (key.startsWith(`${id}/`)) this.#tokens.remove(key)
  }

  getTokenBalance(id: AccountId, tokenId: string): bigint {
    return this.#tokens.get(`${id}/${tokenId}`) ?? 0n
  }

  /** False when the sender has too little; then nothing changed. */
  moveToken(from: AccountId, to: AccountId, tokenId: string, amount: bigint): boolean {
    const balance = this.getTokenBalance(from, tokenId)
    if (balance < amount) return false
    this.setTokenBalance(from, tokenId, balance - amount)
    this.setTokenBalance(to, tokenId, this.getTokenBalance(to, tokenId) + amount)
    return true
  }

  setTokenBalance(id: AccountId, tokenId: string, amount: bigint): void {
    this.#tokens.set(`${id}/${tokenId}`, amount)
  }

  /** Every TRC-10 balance above zero of one account, by token id. */
  listTokenBalances(id: AccountId): ReadonlyMap<string, bigint> {
    const balances = new Map<string, bigint>()
    for (const [key, amount] of this.#tokens.entries())
      if (amount > 0n && key.startsWith(`${id}/`)) balances.set(key.slice(id.length + 1), amount)
    return balances
  }

  getMeta(id: AccountId): AccountMeta | undefined {
    return this.#metas.get(id)
  }

  putMeta(id: AccountId, meta: AccountMeta): void {
    this.#metas.set(id, meta)
  }

  getLoad(id: AccountId): ContractLoad | undefined {
    return this.#loads.get(id)
  }

  putLoad(id: AccountId, load: ContractLoad): void {
    this.#loads.set(id, load)
  }

  /** Copies what is committed. Throws while a checkpoint is open. */
  capture(): StateCapture {
    this.#requireGround()
    return this.#tables.map((table) => table.copyGround())
  }

  /** Puts a capture in the place of what is committed. Throws while a checkpoint is open. */
  restore(capture: StateCapture): void {
    this.#requireGround()
    this.#tables.forEach((table, index) => {
      table.restoreGround(capture[index] as ReadonlyMap<never, unknown>)
    })
    this.#touchedRows.clear()
  }

  #requireGround(): void {
    if (this.depth !== 1) throw new ProgramError('devnet-checkpoint', 'the state has work under way')
  }

  #dropEmptyRows(): void {
    for (const key of this.#touchedRows) if (this.#slots.get(key) === 0n) this.#slots.remove(key)
    this.#touchedRows.clear()
  }
}

function slotKey(id: AccountId, slot: bigint): SlotKey {
  return `${id}_${slot.toString(16)}`
}
