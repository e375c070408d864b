/** For tests: a node that says what another says, but for what it is told to change. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

type Json = Record<string, unknown>
type Tamper = (path: string, body: Json, reply: Json) => Json
/** What to answer without asking the other node, or null. */
type Intercept = (path: string, body: Json) => Json | null

/** Starts one on a free port. As java-tron, it lets no page of another origin in. */
export async function startProxy(
  url: string,
  tamper: Tamper,
  intercept: Intercept = () => null,
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    const path = request.url ?? ''
    if (request.method !== 'POST') return void response.writeHead(405).end()
    const asked = JSON.parse(body) as Json
    const own = intercept(path, asked)
    if (own) return void response.end(JSON.stringify(own))
    const reply = (await (await fetch(`${url}${path}`, { method: 'POST', body })).json()) as Json
    response.end(JSON.stringify(tamper(path, asked, reply)))
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
