/** For tests: a node that says what another says, but for what it is told to change. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Json = Record<string, unknown>
type Tamper = (path: string, body: Json, reply: Json) => Json

/** Starts one on a free port. */
export async function startProxy(
  url: string,
  tamper: Tamper,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const path = request.url ?? ''
    const reply = (await (await fetch(`${url}${path}`, { method: 'POST', body })).json()) as Json
    response.end(JSON.stringify(tamper(path, JSON.parse(body), reply)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
