export * from './amount.ts'
export * from './bytes.ts'
export * from './foreign-text.ts'
export * from './time.ts'
