export type { AppSnapshot } from './create-node.ts'
export type { NodeCommands, PiecemealNode } from './node.ts'
export { createPiecemealNode } from './piecemeal-node.ts'
