export * from './amount.ts'
export * from './app-error.ts'
export * from './bytes.ts'
export * from './time.ts'
