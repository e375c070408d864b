/** Ports for the local programs. */
import { createServer } from 'node:net'

const canListen = (port: number, host: string): Promise<number | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(null))
    server.listen(port, host, () => {
      const address = server.address()
      const taken = typeof address === 'object' && address ? address.port : null
      server.close(() => resolve(taken))
    })
  })

/** The preferred port where it is free, else the next free one of the ten above it, else any. */
export async function findFreePort(preferred: number, host = '127.0.0.1'): Promise<number> {
  for (let port = preferred; port <= preferred + 10; port++) {
    if ((await canListen(port, host)) !== null) return port
  }
  return (await canListen(0, host)) ?? preferred
}
