/** Makes the node fail on purpose: late answers, errors, cut connections. `/devnet/` itself never fails. */
import { setTimeout } from 'node:timers/promises'
import { BadRequest } from '../devnet-error.ts'
import type { ApiResponse, Handler } from './server.ts'

export type FaultEffect =
  /** Answers late. */
  | { readonly kind: 'delay'; readonly delayMs: number }
  /** Answers with an HTTP status and any JSON. */
  | { readonly kind: 'status'; readonly httpStatus: number; readonly body?: unknown }
  /** Answers as java-tron refuses at that endpoint, with a code such as SERVER_BUSY. */
  | { readonly kind: 'refusal'; readonly code: string; readonly message: string }
  /** Cuts the connection. */
  | { readonly kind: 'reset' }

export interface Fault {
  /** Which endpoints: a path without a slash at its start, `*` for any characters. Every one by default. */
  readonly path?: string
  readonly effect: FaultEffect
  /** How many requests it hits; without it, all until it is cleared. */
  readonly times?: number
  /** `after` lets the node do its work first, so that only the answer is lost. `before` by default. */
  readonly moment?: 'before' | 'after'
}

interface ActiveFault {
  readonly fault: Fault
  readonly pattern: RegExp
  readonly cleared: AbortController
  timesLeft: number
}

const BROADCASTS = /^wallet\/broadcast(transaction|hex)$/
const CALLS = /^wallet(solidity)?\/(triggersmartcontract|triggerconstantcontract|estimateenergy)$/

export class FaultPlan {
  readonly #active = new Map<string, ActiveFault>()
  #made = 0

  /** Returns the fault's id. Throws BadRequest. */
  add(fault: Fault): string {
    const { effect, times = Number.POSITIVE_INFINITY } = fault
    if (!(times >= 1)) throw new BadRequest('times is at least 1', 400)
    if (effect.kind === 'delay' && !(effect.delayMs >= 0 && effect.delayMs < 2 ** 31))
      throw new BadRequest('delayMs is from 0 to 2^31', 400)
    if (effect.kind === 'status' && !(effect.httpStatus >= 200 && effect.httpStatus <= 599))
      throw new BadRequest('httpStatus is from 200 to 599', 400)
    this.#made += 1
    const id = `fault-${this.#made}`
    const pattern = toPattern(fault.path ?? '*')
    this.#active.set(id, { fault, pattern, cleared: new AbortController(), timesLeft: times })
    return id
  }

  /** Ends one fault, or all; answers that were held back go out at once. */
  clear(id?: string): void {
    for (const [key, { cleared }] of this.#active) {
      if (id !== undefined && key !== id) continue
      cleared.abort()
      this.#active.delete(key)
    }
  }

  list(): readonly (Fault & { readonly faultId: string })[] {
    const lasting = [...this.#active].filter(([, { timesLeft }]) => timesLeft > 0)
    return lasting.map(([faultId, { fault }]) => ({ faultId, ...fault }))
  }

  /** The handler, failing as planned. */
  wrap(handler: Handler): Handler {
    return async (request) => {
      const { path } = request
      if (path === 'devnet' || path.startsWith('devnet/')) return handler(request)
      const hits = this.#take(path)
      const early = await apply(
        hits.filter(({ fault }) => fault.moment !== 'after'),
        path,
      )
      if (early) return early
      const response = await handler(request)
      const late = await apply(
        hits.filter(({ fault }) => fault.moment === 'after'),
        path,
      )
      return late ?? response
    }
  }

  /** The faults that hit a request, in the order in which they were added. */
  #take(path: string): readonly ActiveFault[] {
    // Used-up faults stay until they are cleared: one may hold an answer back still.
    const hits = [...this.#active.values()].filter(
      ({ pattern, timesLeft }) => timesLeft > 0 && pattern.test(path),
    )
    for (const active of hits) active.timesLeft -= 1
    return hits
  }
}

/** Waits through the delays; the first other fault is the answer. */
async function apply(hits: readonly ActiveFault[], path: string): Promise<ApiResponse | null> {
  for (const { fault, cleared } of hits) {
    const { effect } = fault
    if (effect.kind !== 'delay') return describeFault(effect, path)
    await setTimeout(effect.delayMs, null, { signal: cleared.signal }).catch(() => undefined)
  }
  return null
}

function describeFault(effect: Exclude<FaultEffect, { kind: 'delay' }>, path: string): ApiResponse {
  if (effect.kind === 'reset') return effect
  if (effect.kind === 'status') {
    const { httpStatus, body = { Error: `class Fault : HTTP ${httpStatus}` } } = effect
    return { kind: 'json', httpStatus, body }
  }
  const refusal = { code: effect.code, message: Buffer.from(effect.message).toString('hex') }
  if (BROADCASTS.test(path)) return { kind: 'json', body: refusal }
  if (CALLS.test(path)) return { kind: 'json', body: { result: refusal } }
  return { kind: 'json', body: { Error: `class ${effect.code} : ${effect.message}` } }
}

function toPattern(path: string): RegExp {
  const parts = path.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`)
}
