import { BackpackAdapter } from '@tronweb3/tronwallet-adapters'
import type { CreateAdapter } from '../wallet-adapter.ts'

export const createAdapter: CreateAdapter = (options) => new BackpackAdapter(options)
