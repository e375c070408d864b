export { createNode } from './create-node.ts'
export type * from './node.ts'
export type * from './site-config.ts'
export type { Store } from './store.ts'
