export { createNode } from './create-node.ts'
export type * from './node.ts'
