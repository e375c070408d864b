/** A request as the endpoints see it: path, and one bag of parameters from the query or the JSON body. */
import type { IncomingMessage } from 'node:http'
import { type AccountId, parseAccountId } from '../codec/account-id.ts'
import { BadRequest } from '../devnet-error.ts'
import { parseExactJson } from './exact-json.ts'

/** Larger bodies are refused; java-tron's default (`node.http.maxMessageSize`). */
const MAX_BODY_BYTES = 4_194_304
const MAX_DRAINED_BYTES = 8 * MAX_BODY_BYTES
const JSON_EXCEPTION = 'org.tron.json.JSONException'

export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  /** Without a slash at either end. */
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
  readonly visible: boolean
}

/** Reads a request. Throws BadRequest on a body that is too large or no JSON object. */
export async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const url = parseTarget(incoming.url ?? '/')
  const method = incoming.method === 'POST' ? 'POST' : 'GET'
  const body = method === 'POST' ? parseBody(await readBody(incoming)) : {}
  // Spread defines own fields, so a field named __proto__ stays a field.
  const params: Record<string, unknown> = { ...Object.fromEntries(url.searchParams), ...body }
  return {
    method,
    path: url.path,
    params,
    visible: params.visible === true || params.visible === 'true',
  }
}

/** The path, decoded and without slashes at its ends, and the query. Throws BadRequest. */
function parseTarget(target: string): { readonly path: string; readonly searchParams: URLSearchParams } {
  try {
    // Put together rather than resolved, so that a target that starts with // stays a path.
    const url = new URL(`http://devnet.invalid${target}`)
    return {
      path: decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, ''),
      searchParams: url.searchParams,
    }
  } catch (cause) {
    throw new BadRequest('malformed path', 400, { cause })
  }
}

/** Reads an oversized body to its end and forgets it, so that the refusal arrives; one far too large is cut off. */
async function readBody(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let lengthBytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    lengthBytes += chunk.length
    if (lengthBytes <= MAX_BODY_BYTES) chunks.push(chunk)
    else chunks.length = 0
    if (lengthBytes > MAX_DRAINED_BYTES) break
  }
  if (lengthBytes > MAX_BODY_BYTES) throw new BadRequest(`the body exceeds ${MAX_BODY_BYTES} bytes`, 413)
  return Buffer.concat(chunks).toString('utf8')
}

function parseBody(text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  let json: unknown
  try {
    json = parseExactJson(text)
  } catch (cause) {
    throw new BadRequest('the body is not JSON', 200, { cause, javaClass: JSON_EXCEPTION })
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new BadRequest('the body is not an object', 200, { javaClass: JSON_EXCEPTION })
  return json as Record<string, unknown>
}

/** An address parameter. Throws BadRequest in java-tron's words. */
export function requireAccountId(params: ApiRequest['params'], name: string): AccountId {
  const id = parseAccountId(params[name])
  if (!id) throw new BadRequest(`INVALID ${name}, ${printable(params[name])}`)
  return id
}

/** An address parameter that may be absent: null then, as java-tron answers for nobody. Throws BadRequest. */
export function readAccountId(params: ApiRequest['params'], name: string): AccountId | null {
  const value = params[name]
  return value === undefined || value === null || value === '' ? null : requireAccountId(params, name)
}

/** Hex bytes, 0x optional; empty when absent. Throws BadRequest. */
export function readHex(params: ApiRequest['params'], name: string): Uint8Array {
  const value = params[name]
  if (value === undefined || value === null || value === '') return new Uint8Array(0)
  const match = typeof value === 'string' ? /^(?:0x)?((?:[0-9a-fA-F]{2})*)$/.exec(value) : null
  if (!match) throw new BadRequest(`INVALID hex String of ${name}`)
  return Uint8Array.from(Buffer.from(match[1] ?? '', 'hex'))
}

/** A whole number from 0 to 2^53; `fallback` when absent. Throws BadRequest. */
export function readInteger(params: ApiRequest['params'], name: string, fallback = 0): number {
  const value = params[name]
  if (value === undefined || value === null || value === '') return fallback
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) {
    throw new BadRequest(`INVALID number ${name}`)
  }
  return number
}

function printable(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 80).replace(/[^\x20-\x7e]/g, '?') : typeof value
}
