/**
 * The chain's state as layers: a checkpoint pushes an empty layer, commit merges it down, revert drops it. TRC-10
 * balances live in the same layers, so a reverted call takes its token transfers back.
 */
import { SimpleStateManager } from '@ethereumjs/statemanager'
import type { Account, Address } from '@ethereumjs/util'
import { AppError } from '../../lib/units/app-error.ts'
import type { AccountId } from '../codec/account-id.ts'
import type { Permission } from '../codec/contract-body.ts'

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

/** What TRON keeps of an account beside what the EVM knows. */
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

type TokenKey = `${AccountId}/${string}`

/** A copy of every committed row. */
export type StateCapture = readonly ReadonlyMap<unknown, unknown>[]

export class TvmState extends SimpleStateManager {
  // SimpleStateManager's constructor takes the first checkpoint, before fields of ours exist.
  declare tokenStack: Map<TokenKey, bigint>[]
  declare metaStack: Map<AccountId, AccountMeta>[]

  /** Rows that were emptied since the last commit to the ground. */
  readonly #touchedRows = new Set<string>()

  protected override checkpointSync(): void {
    this.tokenStack ??= []
    this.metaStack ??= []
    this.accountStack.push(new Map())
    this.codeStack.push(new Map())
    this.storageStack.push(new Map())
    this.tokenStack.push(new Map())
    this.metaStack.push(new Map())
  }

  override async commit(): Promise<void> {
    for (const stack of this.#stacks()) {
      const top = stack.pop()!
      const below = stack.at(-1)!
      for (const [key, value] of top) below.set(key, value)
    }
    if (this.storageStack.length === 1) this.#dropEmptyRows()
  }

  override async revert(): Promise<void> {
    for (const stack of this.#stacks()) stack.pop()
  }

  override async getAccount(address: Address): Promise<Account | undefined> {
    const account = find(this.accountStack, address.toString())
    return account && Object.assign(Object.create(Object.getPrototypeOf(account)), account)
  }

  override async getCode(address: Address): Promise<Uint8Array> {
    return find(this.codeStack, address.toString()) ?? new Uint8Array(0)
  }

  override async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    return find(this.storageStack, storageKey(address, key)) ?? new Uint8Array(0)
  }

  override async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    const row = storageKey(address, key)
    this.storageStack.at(-1)!.set(row, value)
    if (value.length === 0) this.#touchedRows.add(row)
  }

  /** True for a slot with a value, and for one that was cleared in a layer that is not committed to the ground yet. */
  hasStorageRow(address: Address, key: Uint8Array): boolean {
    return find(this.storageStack, storageKey(address, key)) !== undefined
  }

  override async clearStorage(address: Address): Promise<void> {
    const prefix = `${address.toString()}_`
    const top = this.storageStack.at(-1)!
    for (const layer of this.storageStack)
      for (const key of layer.keys()) {
        if (!key.startsWith(prefix)) continue
        top.set(key, new Uint8Array(0))
        this.#touchedRows.add(key)
      }
  }

  override async deleteAccount(address: Address): Promise<void> {
    await super.deleteAccount(address)
    this.codeStack.at(-1)!.set(address.toString(), new Uint8Array(0))
  }

  getTokenBalance(id: AccountId, tokenId: string): bigint {
    return find(this.tokenStack, `${id}/${tokenId}`) ?? 0n
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
    this.tokenStack.at(-1)!.set(`${id}/${tokenId}`, amount)
  }

  /** Every TRC-10 balance above zero of one account, by token id. */
  listTokenBalances(id: AccountId): ReadonlyMap<string, bigint> {
    const balances = new Map<string, bigint>()
    for (const layer of this.tokenStack)
      for (const [key, amount] of layer)
        if (key.startsWith(`${id}/`)) balances.set(key.slice(id.length + 1), amount)
    for (const [tokenId, amount] of balances) if (amount === 0n) balances.delete(tokenId)
    return balances
  }

  getMeta(id: AccountId): AccountMeta | undefined {
    return find(this.metaStack, id)
  }

  putMeta(id: AccountId, meta: AccountMeta): void {
    this.metaStack.at(-1)!.set(id, meta)
  }

  /** Copies what is committed. Throws while a checkpoint is open. */
  capture(): StateCapture {
    return this.#stacks().map((stack) => new Map(groundOf(stack)))
  }

  /** Puts a capture in the place of what is committed. Throws while a checkpoint is open. */
  restore(capture: StateCapture): void {
    this.#stacks().forEach((stack, index) => {
      groundOf(stack)
      stack[0] = new Map(capture[index])
    })
    this.#touchedRows.clear()
    this.originalStorageCache.clear()
  }

  #dropEmptyRows(): void {
    const ground = this.storageStack[0]!
    for (const key of this.#touchedRows) if (ground.get(key)?.length === 0) ground.delete(key)
    this.#touchedRows.clear()
  }

  #stacks(): Map<unknown, unknown>[][] {
    return [this.accountStack, this.codeStack, this.storageStack, this.tokenStack, this.metaStack] as Map<
      unknown,
      unknown
    >[][]
  }
}

function groundOf(stack: readonly Map<unknown, unknown>[]): Map<unknown, unknown> {
  if (stack.length !== 1) throw new AppError('devnet-checkpoint', 'the state has work under way')
  return stack[0]!
}

function storageKey(address: Address, key: Uint8Array): string {
  return `${address.toString()}_${Buffer.from(key).toString('hex')}`
}

function find<K, V>(stack: readonly Map<K, V>[], key: K): V | undefined {
  for (let i = stack.length - 1; i >= 0; i--) if (stack[i]!.has(key)) return stack[i]!.get(key)
  return undefined
}
