import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { fetchTorrentFile } from './fetch-torrent-file.ts'

let server: Server
let url: string
let asked = 0

beforeAll(async () => {
  server = createServer((_, response) => {
    asked += 1
    response.end('d4:infodee')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.torrent`
})
afterAll(() => void server.close())
afterEach(() => {
  vi.unstubAllGlobals()
  asked = 0
})

test.each(['127.0.0.1', '2130706433', '0x7f.1', 'localhost.', '[::ffff:127.0.0.1]'])(
  'asks nobody at %s for a page of a public site',
  async (host) => {
    vi.stubGlobal('location', { hostname: 'piecemeal.example' })
    const link = url.replace('127.0.0.1', host)
    await expect(fetchTorrentFile(link)).rejects.toMatchObject({ code: 'private-link' })
    expect(asked).toBe(0)
  },
)

test('follows a link into the network that the page itself came from', async () => {
  vi.stubGlobal('location', { hostname: '127.0.0.1' })
  expect(new TextDecoder().decode(await fetchTorrentFile(url))).toBe('d4:infodee')
})

test('uses nothing of an answer to which a redirect led it there', async () => {
  vi.stubGlobal('location', { hostname: 'piecemeal.example' })
  vi.stubGlobal('fetch', async () =>
    Object.defineProperty(new Response('d4:infodee'), 'url', { value: 'http://router/a.torrent' }),
  )
  await expect(fetchTorrentFile('https://t.example/a')).rejects.toMatchObject({ code: 'private-link' })
})
