import type { AppSnapshot } from './create-node.ts'

export const INITIAL_APP: AppSnapshot = {
  role: 'starting',
  problem: null,
  consent: null,
  config: null,
  storage: null,
}
