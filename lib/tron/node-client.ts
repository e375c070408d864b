/** HTTP to a TRON node. Invariant: nothing that a node says leaves this file without being checked for its shape. */
import { ChainError, type Hex } from '../base/index.ts'

/** A node that is slower than this is treated as away: the page has to say something. */
const TIMEOUT_MS = 10_000
/** How long a node that is asked too often is left alone, where it does not say so itself. A gateway's window is a second. */
const PAUSES_MS = [600, 1_500, 3_500]
/** Whoever waits for us does not wait longer for a gateway that says so. */
const MAX_PAUSE_MS = 8_000
/** No reply that we ask for is near this; a node must not fill our memory. */
const MAX_REPLY_BYTES = 8 * 1024 * 1024

export type JsonObject = Readonly<Record<string, unknown>>

export interface NodeClient {
  /**
   * POSTs JSON to `/wallet/…` and returns the JSON object of the reply. Throws ChainError 'unreachable' (no answer,
   * an HTTP error) or 'bad-reply' (not a JSON object), or the reason of `signal`.
   */
  post(path: string, body: JsonObject, signal?: AbortSignal): Promise<JsonObject>
  /** As `post`, where the reply is a list. */
  postForList(path: string, body: JsonObject, signal?: AbortSignal): Promise<readonly unknown[]>
  /** GETs `/v1/…`, which nodes with an event server have. */
  get(path: string, signal?: AbortSignal): Promise<JsonObject>
}

export interface NodeClientOptions {
  /** A TronGrid key. */
  readonly apiKey?: string | undefined
  /** Waits between the tries of a call that was answered with 429 or 503: such a call has not reached the node. None: it fails at once. */
  readonly pausesMs?: readonly number[]
  readonly wait?: (durationMs: number, signal?: AbortSignal) => Promise<void>
}

/** A client of the node at `fullHost`, a base URL without a slash at its end. */
export function createNodeClient(
  fullHost: string,
  { apiKey, pausesMs = PAUSES_MS, wait = sleep }: NodeClientOptions = {},
): NodeClient {
  const headers = {
    accept: 'application/json',
    ...(apiKey === undefined ? {} : { 'TRON-PRO-API-KEY': apiKey }),
  }

  async function ask(path: string, body: JsonObject | null, signal?: AbortSignal): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const answer = await askOnce(path, body, signal)
      if (!('pauseMs' in answer)) return answer.json
      const pauseMs = pausesMs[attempt]
      if (pauseMs === undefined) throw new ChainError('unreachable', answer.words)
      await wait(Math.min(answer.pauseMs ?? pauseMs, MAX_PAUSE_MS), signal)
    }
  }

  async function askOnce(path: string, body: JsonObject | null, signal?: AbortSignal): Promise<Answer> {
    signal?.throwIfAborted()
    const timeout = AbortSignal.timeout(TIMEOUT_MS)
    let text: string
    try {
      const response = await fetch(`${fullHost}${path}`, {
        method: body ? 'POST' : 'GET',
        headers: body ? { ...headers, 'content-type': 'application/json' } : headers,
        ...(body ? { body: JSON.stringify(body) } : {}),
        credentials: 'omit',
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      })
      const words = `The node answered ${response.status} to ${path}.`
      if (response.status === 429 || response.status === 503)
        return { pauseMs: readRetryAfter(response.headers.get('retry-after')), words }
      if (!response.ok) throw new ChainError('unreachable', words)
      text = await readText(response)
    } catch (cause) {
      signal?.throwIfAborted()
      if (cause instanceof ChainError) throw cause
      throw new ChainError('unreachable', `The node did not answer ${path}.`, { cause })
    }
    return { json: parseJson(text, path) }
  }
  return {
    post: async (path, body, signal) => readObject(await ask(path, body, signal), path),
    async postForList(path, body, signal) {
      const reply = await ask(path, body, signal)
      // A node that has nothing says `{}`.
      if (!Array.isArray(reply) && Object.keys(readObject(reply, path)).length > 0)
        throw badReply(`${path} is not a list`)
      return Array.isArray(reply) ? reply : []
    },
    get: async (path, signal) => readObject(await ask(path, null, signal), path),
  }
}

type Answer =
  | { readonly json: unknown }
  /** Asked too often, or too busy; null: it does not say for how long. */
  | { readonly pauseMs: number | null; readonly words: string }

/** Seconds, or null for a date, which a clock that is off would misread. */
function readRetryAfter(header: string | null): number | null {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1_000 : null
}

const sleep = (durationMs: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, durationMs)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })

async function readText(response: Response): Promise<string> {
  if (Number(response.headers.get('content-length') ?? 0) > MAX_REPLY_BYTES) throw badReply('it is too long')
  const reader = response.body?.getReader()
  const decoder = new TextDecoder()
  let text = ''
  for (;;) {
    const chunk = await reader?.read()
    if (!chunk || chunk.done) return text + decoder.decode()
    text += decoder.decode(chunk.value, { stream: true })
    if (text.length <= MAX_REPLY_BYTES) continue
    await reader?.cancel()
    throw badReply('it is too long')
  }
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw badReply(`${path} is not JSON`, cause)
  }
}

/** The error for nonsense from a node; `what` completes "The node's reply makes no sense: …". */
export function badReply(what: string, cause?: unknown): ChainError {
  return new ChainError('bad-reply', `The node’s reply makes no sense: ${what}.`, { cause })
}

/** A JSON object. Throws ChainError 'bad-reply' that names the field. */
export function readObject(value: unknown, field: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw badReply(`${field} is not an object`)
  return value as JsonObject
}

/** A non-negative safe integer; a missing field is 0, as protobuf's JSON leaves zeroes out. */
export function readCount(value: unknown, field: string): number {
  if (value === undefined) return 0
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw badReply(`${field} is not a count`)
  return value
}

/** Bare hex of `lengthBytes` (any length when null), returned lower case with 0x. */
export function readHex(value: unknown, lengthBytes: number | null, field: string): Hex {
  if (typeof value !== 'string') throw badReply(`${field} is not hex`)
  const body = value.replace(/^0x/, '').toLowerCase()
  if (!/^([0-9a-f]{2})*$/.test(body) || (lengthBytes !== null && body.length !== lengthBytes * 2))
    throw badReply(`${field} is not hex of the right length`)
  return `0x${body}`
}

/** What a node says in words: hex of UTF-8 or plain text. Cut to a line; '' when there is none. Only ever shown. */
export function readWords(value: unknown): string {
  if (typeof value !== 'string') return ''
  const isHex = value.length > 0 && /^([0-9a-fA-F]{2})+$/.test(value)
  const bytes = isHex ? Uint8Array.from(value.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : null
  const text = bytes ? new TextDecoder().decode(bytes) : value
  return text
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200)
}
