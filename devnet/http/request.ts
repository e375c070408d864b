/** A request as the endpoints see it: path, and one bag of parameters from the query or the JSON body. */
import type { IncomingMessage } from 'node:http'
import { type AccountId, accountIdFromBytes, parseAddressBytes, parseHexBytes } from '../codec/account-id.ts'
import { BadRequest } from '../devnet-error.ts'
import { parseExactJson } from './exact-json.ts'

/** Larger bodies are refused; java-tron's default (`node.http.maxMessageSize`). */
const MAX_BODY_BYTES = 4_194_304
const MAX_DRAINED_BYTES = 8 * MAX_BODY_BYTES
const FORM_TYPE = 'application/x-www-form-urlencoded'
const JSON_EXCEPTION = 'org.tron.json.JSONException'

export interface ApiRequest {
  readonly method: 'GET' | 'POST'
  /** Without a slash at either end. */
  readonly path: string
  readonly params: Readonly<Record<string, unknown>>
  readonly visible: boolean
  /** Why the body is of no use; it has no parameters then. Calls say it in their result, others as an error. */
  readonly unreadable: BadRequest | null
  /** Where a field's value stands, "line:column" from 1, as java-tron's parser tells it. */
  placeOf(field: string): string
}

/** Reads a request. Throws BadRequest on a path that cannot be read. */
export async function readRequest(incoming: IncomingMessage): Promise<ApiRequest> {
  const url = parseTarget(incoming.url ?? '/')
  const method = incoming.method === 'POST' ? 'POST' : 'GET'
  const { text, body, unreadable } = method === 'POST' ? await readPost(incoming) : NO_BODY
  // Spread defines own fields, so a field named __proto__ stays a field.
  const params: Record<string, unknown> = { ...Object.fromEntries(url.searchParams), ...body }
  return {
    method,
    path: url.path,
    params,
    visible: params.visible === true || params.visible === 'true',
    unreadable,
    placeOf: (field) => findPlace(text ?? JSON.stringify({ [field]: '' }), field),
  }
}

interface Body {
  readonly text: string | null
  readonly body: Record<string, unknown>
  readonly unreadable: BadRequest | null
}
const NO_BODY: Body = { text: null, body: {}, unreadable: null }

async function readPost(incoming: IncomingMessage): Promise<Body> {
  try {
    const text = await readBody(incoming)
    const isForm = incoming.headers['content-type'] === FORM_TYPE
    return { text, body: isForm ? parseForm(text) : parseBody(text), unreadable: null }
  } catch (error) {
    if (!(error instanceof BadRequest)) throw error
    return { ...NO_BODY, unreadable: error }
  }
}

function findPlace(text: string, field: string): string {
  const key = new RegExp(`"${field.replace(/\W/g, '.')}"\\s*:\\s*`).exec(text)
  const before = text.slice(0, key ? key.index + key[0].length : 0).split(/\r?\n/)
  return `${before.length}:${before.at(-1)!.length + 1}`
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
  if (lengthBytes > MAX_BODY_BYTES)
    throw new BadRequest(`body size is too big, the limit is ${MAX_BODY_BYTES}`, 200, {
      javaClass: 'java.lang.Exception',
      isCutShort: lengthBytes > MAX_DRAINED_BYTES,
    })
  return Buffer.concat(chunks).toString('utf8')
}

/** A form's fields; JSON under a form's name is JSON, as clients send it that name no type. */
function parseForm(text: string): Record<string, unknown> {
  try {
    return parseBody(text)
  } catch {
    return Object.fromEntries(new URLSearchParams(text))
  }
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

/** An account that a request names; null for nobody: absent, or bytes that are no address. Throws BadRequest. */
export function readAccountId(request: ApiRequest, name: string): AccountId | null {
  const value = request.params[name]
  if (value === undefined || value === null || value === '') return null
  return accountIdFromBytes(readAs(request, name, () => parseAddressBytes(value, request.visible)))
}

/** Hex bytes; empty when absent. Throws BadRequest. */
export function readHex(request: ApiRequest, name: string): Uint8Array {
  const value = request.params[name]
  if (value === undefined || value === null || value === '') return new Uint8Array(0)
  return readAs(request, name, () => parseHexBytes(value))
}

function readAs<T>(request: ApiRequest, name: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause
    throw new BadRequest(`${request.placeOf(name)}: ${cause.message}`, 200, { cause })
  }
}

/** As endpoints answer that decode a field by themselves: bytes that are no hex. Source: java-tron, ByteArray.fromHexString. */
export function refuseHex(): BadRequest {
  return new BadRequest('exception decoding Hex string: invalid characters encountered in Hex string', 200, {
    javaClass: 'org.bouncycastle.util.encoders.DecoderException',
  })
}

/** A whole number, negative ones too; 0 when absent. Throws BadRequest. */
export function readSignedInteger({ params }: ApiRequest, name: string): number {
  const value = params[name]
  const number = typeof value === 'string' && value !== '' ? Number(value) : (value ?? 0)
  if (typeof number !== 'number' || !Number.isSafeInteger(number))
    throw new BadRequest(`INVALID number ${name}`)
  return number
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
