export { earnFeature } from './earn.ts'
export type * from './snapshot.ts'
