export type { ElsewhereSearch, LockedElsewhere } from './elsewhere.ts'
export { payFeature } from './pay.ts'
export type * from './snapshot.ts'
