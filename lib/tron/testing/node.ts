/** A TRON node for tests that says what a test tells it to, over real HTTP. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What to answer: an object as JSON, text as it is, a number as an HTTP status, null to break the connection. */
type TestReply = object | string | number | null
export type TestAnswer = (path: string, body: Record<string, unknown>) => TestReply

export interface TestNode {
  readonly url: string
  /** Paths asked for, in order. */
  readonly asked: string[]
  answer: TestAnswer
  stop(): Promise<void>
}

/** Starts one on a free port. */
export async function startTestNode(answer: TestAnswer): Promise<TestNode> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => {
      const path = request.url ?? ''
      asked.push(path)
      const reply = node.answer(path, JSON.parse(text))
      if (reply === null) return void request.socket.destroy()
      if (typeof reply === 'number') response.statusCode = reply
      response.end(typeof reply === 'string' ? reply : JSON.stringify(reply))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const node: TestNode = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    answer,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return node
}
