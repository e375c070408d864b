export { loadConfig, parseConfig } from './load-config.ts'
export type * from './site-config.ts'
