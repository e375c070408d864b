/** What every room stands on: errors, time, order, values that change, bytes. */
export * from './app-error.ts'
export * from './bencode.ts'
export * from './clock.ts'
export type * from './error-codes.ts'
export * from './hex.ts'
export * from './mutex.ts'
export * from './store.ts'
export * from './throttle.ts'
