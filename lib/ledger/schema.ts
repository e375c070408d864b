/**
 * Tables as data. Each room brings its own, with a version each; a program opens one ledger over all of them. A row that an older
 * version wrote is migrated when the ledger opens; a ledger of a newer version is refused untouched.
 */
import { StorageError } from '../base/index.ts'

/** How a row that changes often, but little, is written: whole once, then only what moved. */
export interface RowDelta<Row> {
  /** The part that is written once. While it is the same object, only what moved is written. */
  fixed(row: Row): object
  /** All the rest, as a page's store keeps it: `{...row, ...rest(row)}` is the row. */
  rest(row: Row): object
  /** The change as JSON for a file; null where the whole row must be written. `key` is the row's. */
  encode(before: Row, next: Row, key: string): object | null
  /** The row after a change that `encode` made. Throws on anything else. */
  decode(before: Row, part: object): Row
}

export interface TableSchema<Row> {
  /** 1, 2, …: raised with each change of the row's shape. */
  readonly version: number
  readonly delta?: RowDelta<Row>
  /** A row of an older version as one of this; needed from version 2 on. */
  migrate?(row: object, fromVersion: number): Row
}

export type LedgerSchema<Tables> = { readonly [T in keyof Tables & string]: TableSchema<Tables[T]> }

/** What the implementations work on. */
export type AnySchema = Readonly<Record<string, TableSchema<object>>>
/** Versions by table, as a ledger says them. A table that it does not name is of version 1. */
export type SchemaVersions = Readonly<Record<string, number>>

export const eraseSchema = <Tables>(schema: LedgerSchema<Tables>): AnySchema => schema as unknown as AnySchema

/** One schema of several. Throws RangeError when two bring a table of one name. */
export function mergeSchemas<A, B>(a: LedgerSchema<A>, b: LedgerSchema<B>): LedgerSchema<A & B> {
  const twice = Object.keys(a).find((table) => Object.hasOwn(b, table))
  if (twice !== undefined) throw new RangeError(`two rooms bring a table “${twice}”`)
  return { ...a, ...b } as unknown as LedgerSchema<A & B>
}

export const versionsOf = (schema: AnySchema): SchemaVersions =>
  Object.fromEntries(Object.entries(schema).map(([table, { version }]) => [table, version]))

/** Throws StorageError 'ledger-newer' when a newer program wrote it. */
export function refuseNewer(schema: AnySchema, versions: SchemaVersions): void {
  for (const [table, version] of Object.entries(versions)) {
    const known = schema[table]?.version
    if (known === undefined || version > known)
      throw new StorageError('ledger-newer', `a newer program wrote the table “${table}” of this ledger`)
  }
}

/** Tables whose rows are of an older version. */
export function findOutdated(schema: AnySchema, versions: SchemaVersions): readonly string[] {
  return Object.keys(schema).filter((table) => (versions[table] ?? 1) < (schema[table]?.version ?? 1))
}

/** Throws RangeError where the schema brings no migration. */
export function migrateRow(schema: AnySchema, table: string, row: object, versions: SchemaVersions): object {
  const migrate = schema[table]?.migrate
  if (!migrate) throw new RangeError(`there is no migration of “${table}”`)
  return migrate(row, versions[table] ?? 1)
}
