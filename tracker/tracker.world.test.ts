import { expect, test } from 'vitest'
import { startTracker } from './tracker.ts'

function announce(url: string, peerId: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.onerror = () => reject(new Error('the socket failed'))
    socket.onmessage = ({ data }) => {
      resolve(String(data))
      socket.close()
    }
    socket.onopen = () =>
      socket.send(
        JSON.stringify({
          action: 'announce',
          info_hash: 'a'.repeat(20),
          peer_id: peerId,
          numwant: 0,
          left: 0,
        }),
      )
  })
}

test('answers announces over WebSocket on a free port, and survives rubbish', async () => {
  const tracker = await startTracker({ port: 0, host: '127.0.0.1' })
  const rude = new WebSocket(tracker.url)
  await new Promise((resolve) => {
    rude.onopen = resolve
  })
  rude.send('rubbish')
  expect(JSON.parse(await announce(tracker.url, 'b'.repeat(20)))).toMatchObject({
    action: 'announce',
    complete: 1,
  })
  await tracker.stop()
})

test('says so when its port is taken', async () => {
  const tracker = await startTracker({ port: 0, host: '127.0.0.1' })
  const port = Number(new URL(tracker.url).port)
  await expect(startTracker({ port, host: '127.0.0.1' })).rejects.toMatchObject({ code: 'tracker-port' })
  await tracker.stop()
})

test('counts peers that announce at the same moment in one swarm', async () => {
  const tracker = await startTracker({ port: 0, host: '127.0.0.1' })
  const replies = await Promise.all(
    ['c', 'd', 'e', 'f'].map((letter) => announce(tracker.url, letter.repeat(20))),
  )
  expect(Math.max(...replies.map((reply) => Number(JSON.parse(reply).complete)))).toBe(4)
  await tracker.stop()
})
