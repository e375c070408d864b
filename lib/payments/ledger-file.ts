/** The ledger of payer and payee in a file: for programs, since it loads Node's modules. */
import { type FileLedgerOptions, openFileLedger } from '../ledger/file.ts'
import { type LedgerStore, PAYMENT_SCHEMA } from './ledger.ts'

/** Throws StorageError as `openFileLedger` does. */
export const createFileLedger = (path: string, options?: FileLedgerOptions): Promise<LedgerStore> =>
  openFileLedger(PAYMENT_SCHEMA, path, options)
