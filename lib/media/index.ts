export * from './stream-server.ts'
