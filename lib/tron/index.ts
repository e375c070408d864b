export * from './address.ts'
export * from './chain.ts'
export * from './channel.ts'
export * from './network.ts'
