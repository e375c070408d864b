export { payFeature } from './pay.ts'
export type * from './snapshot.ts'
