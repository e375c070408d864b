import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'

const ORIGIN = 'https://site.example'
const PATH = `/stream/tab-1/${'a'.repeat(40)}/0/page.js`

interface FetchEvent {
  readonly request: { url: string; method: string; destination: string; headers: Headers }
  respondWith(response: Response | Promise<Response>): void
}

/** public/sw.js in a scope of its own, with one tab that answers each stream with the letters "data". */
function startWorker() {
  const handlers = new Map<string, (event: FetchEvent) => void>()
  const tab = {
    postMessage(_request: unknown, [port]: readonly MessagePort[]) {
      port?.postMessage({
        kind: 'head',
        status: 200,
        headers: { 'X-From': 'tab' },
        text: 'data',
        hasBody: false,
      })
      port?.close()
    },
  }
  const self = {
    location: { origin: ORIGIN },
    clients: { get: async (id: string) => (id === 'tab-1' ? tab : undefined) },
    addEventListener: (name: string, handler: (event: FetchEvent) => void) => handlers.set(name, handler),
  }
  const globals = { self, URL, Response, Headers, ReadableStream, MessageChannel, setTimeout, clearTimeout }
  runInNewContext(readFileSync(new URL('../../public/sw.js', import.meta.url), 'utf8'), globals)
  return async (path: string, destination: string): Promise<Response | null> => {
    let answer: Response | Promise<Response> | null = null
    handlers.get('fetch')?.({
      request: { url: new URL(path, ORIGIN).href, method: 'GET', destination, headers: new Headers() },
      respondWith: (response) => {
        answer = response
      },
    })
    return answer
  }
}

describe('the stream worker (public/sw.js)', () => {
  it.each(['', 'video', 'audio', 'image', 'track'])(
    'gives data to the destination %j',
    async (destination) => {
      const response = await startWorker()(PATH, destination)
      expect(response?.status).toBe(200)
      expect(response?.headers.get('content-disposition')).toBeNull()
      expect(await response?.text()).toBe('data')
    },
  )

  it('saves what is navigated to, and opens it never as a page', async () => {
    const response = await startWorker()(PATH, 'document')
    expect(response?.status).toBe(200)
    expect(response?.headers.get('content-disposition')).toBe('attachment')
  })

  const programs = [
    'script',
    'style',
    'worker',
    'sharedworker',
    'serviceworker',
    'audioworklet',
    'paintworklet',
  ]
  const pages = [
    'iframe',
    'frame',
    'embed',
    'object',
    'xslt',
    'json',
    'font',
    'manifest',
    'report',
    'new-one',
  ]
  it.each([...programs, ...pages])('refuses the destination %j in words', async (destination) => {
    const response = await startWorker()(PATH, destination)
    expect(response?.status).toBe(403)
    expect(response?.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response?.headers.get('content-type')).toMatch(/^text\/plain/)
    expect(await response?.text()).toMatch(/nothing else/)
  })

  it('says so when the tab is gone, and leaves other paths and origins alone', async () => {
    const ask = startWorker()
    expect((await ask(PATH.replace('tab-1', 'tab-2'), 'video'))?.status).toBe(503)
    expect((await ask('/stream/nothing', 'video'))?.status).toBe(404)
    expect(await ask('/watch/', 'document')).toBeNull()
    expect(await ask(`https://other.example${PATH}`, 'script')).toBeNull()
  })
})
