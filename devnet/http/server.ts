/** The HTTP face: java-tron's error shapes, CORS for every origin unless told otherwise (it is a local chain), never a crash. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { AppError } from '../../lib/base/index.ts'
import { BadRequest, DevnetRefusal, PlainError } from '../devnet-error.ts'
import { html } from '../explorer/markup.ts'
import { stringifyExactJson } from './exact-json.ts'
import { type ApiRequest, readRequest } from './request.ts'

export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Lets pages of every origin read. A node sends no such headers at all. */
  readonly cors: boolean
}

/** What an endpoint answers: JSON, a page, or nothing but a cut connection. */
export type ApiResponse =
  | { readonly kind: 'json'; readonly body: unknown; readonly httpStatus?: number }
  | { readonly kind: 'html'; readonly html: string; readonly httpStatus: number }
  | { readonly kind: 'reset' }

/** A visitor that dribbles its request is cut off after this. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 30_000

/** null when the endpoint does not exist. */
export type Handler = (request: ApiRequest) => Promise<ApiResponse | null>

export interface HttpListener {
  readonly url: string
  /** Cuts every connection and refuses new ones until `comeBack`. */
  goDown(): Promise<void>
  /** Listens on the same port again. Rejects when something else took it meanwhile. */
  comeBack(): Promise<void>
  close(): Promise<void>
}

/** Listens; resolves once connections are taken. Rejects when the port is taken. */
export async function listen(handler: Handler, options: ListenOptions): Promise<HttpListener> {
  const { host, port, cors } = options
  const server = createServer((incoming, outgoing) => {
    if (cors) allowEveryOrigin(incoming, outgoing)
    void respond(handler, incoming, outgoing)
  })
  server.headersTimeout = HEADERS_TIMEOUT_MS
  server.requestTimeout = REQUEST_TIMEOUT_MS
  await bind(server, host, port)
  const address = server.address()
  const boundPort = typeof address === 'object' && address ? address.port : port
  const name = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${name}:${boundPort}`,
    goDown: () => closeServer(server),
    comeBack: async () => {
      if (!server.listening) await bind(server, host, boundPort)
    },
    close: () => closeServer(server),
  }
}

function bind(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function allowEveryOrigin(incoming: IncomingMessage, outgoing: ServerResponse): void {
  outgoing.setHeader('Access-Control-Allow-Origin', '*')
  outgoing.setHeader('Access-Control-Allow-Methods', 'GET, POST, OPTIONS')
  outgoing.setHeader(
    'Access-Control-Allow-Headers',
    incoming.headers['access-control-request-headers'] ?? '*',
  )
  outgoing.setHeader('Access-Control-Allow-Private-Network', 'true')
  outgoing.setHeader('Access-Control-Max-Age', '86400')
}

async function respond(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.setHeader('X-Content-Type-Options', 'nosniff')
  outgoing.setHeader('Cache-Control', 'no-store')
  if (incoming.method === 'OPTIONS') {
    outgoing.writeHead(204).end()
    return
  }
  const response = await answer(handler, incoming)
  if (response.kind === 'reset') {
    incoming.socket.resetAndDestroy()
    return
  }
  if (response.kind === 'html') {
    outgoing.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
    outgoing.writeHead(response.httpStatus, { 'Content-Type': 'text/html; charset=utf-8' }).end(response.html)
    return
  }
  const status = response.httpStatus ?? 200
  // What is left of an oversized body must not be read as the next request.
  if (!incoming.complete) outgoing.setHeader('Connection', 'close')
  outgoing.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' })
  outgoing.end(stringifyExactJson(response.body, wantsInt64AsString(incoming)))
}

async function answer(handler: Handler, incoming: IncomingMessage): Promise<ApiResponse> {
  try {
    const request = await readRequest(incoming)
    return (await handler(request)) ?? describeUnknown(incoming)
  } catch (error) {
    // A visitor that went away mid-body: nobody reads the answer, and it is no fault of ours.
    const isGone = incoming.destroyed && !incoming.complete
    if (isGone && !(error instanceof AppError))
      return describeError(new BadRequest('the request was cut short'))
    return describeError(error)
  }
}

/** A node's web server knows no path but its own, and says so of the method, in a page. */
function describeUnknown({ method = 'GET', url = '/' }: IncomingMessage): ApiResponse {
  const words = `HTTP method ${method} is not supported by this URL`
  const body = html`<html>
<head><title>Error 405 ${words}</title></head>
<body><h2>HTTP ERROR 405 ${words}</h2>
<table>
<tr><th>URI:</th><td>${url.split('?')[0]!}</td></tr>
<tr><th>STATUS:</th><td>405</td></tr>
<tr><th>MESSAGE:</th><td>${words}</td></tr>
</table></body>
</html>
`
  return { kind: 'html', httpStatus: 405, html: body.text }
}

function describeError(error: unknown): ApiResponse {
  if (error instanceof BadRequest) {
    return {
      kind: 'json',
      httpStatus: error.httpStatus,
      body: { Error: `class ${error.javaClass} : ${error.message}` },
    }
  }
  if (error instanceof PlainError) return { kind: 'json', body: { Error: error.message } }
  if (error instanceof DevnetRefusal) {
    return { kind: 'json', body: { Error: `class ${error.code} : ${error.message}` } }
  }
  const message = error instanceof Error ? error.message : String(error)
  process.stderr.write(`devnet: ${error instanceof Error ? error.stack : message}\n`)
  return { kind: 'json', httpStatus: 500, body: { Error: `class InternalError : ${message}` } }
}

/** As java-tron: honoured in the query of a GET only. */
function wantsInt64AsString(incoming: IncomingMessage): boolean {
  return incoming.method === 'GET' && /[?&]int64_as_string=true(?:&|$)/.test(incoming.url ?? '')
}
