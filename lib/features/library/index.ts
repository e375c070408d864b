export { libraryFeature } from './library.ts'
export type * from './snapshot.ts'
