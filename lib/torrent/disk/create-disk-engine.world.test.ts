import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { createEngineCore } from '../engine-core.ts'
import { createSwarm, type Swarm, sampleBytes } from '../testing/swarm.ts'
import { loadNodeWebTorrent } from './node-webrtc.ts'

let swarm: Swarm = createSwarm()
afterEach(async () => {
  await swarm.close()
  swarm = createSwarm()
})

describe('seedPath', () => {
  it('serves a file and a folder from their place', async () => {
    const engine = await swarm.engine()
    const folder = join(await swarm.folder(), 'album')
    await mkdir(folder)
    const file = join(folder, 'a.bin')
    await writeFile(file, sampleBytes(70_000))
    for (const [path, name] of [
      [file, 'a.bin'],
      [`${folder}/`, 'album'],
    ] as const) {
      const infoHash = await engine.seedPath(path, { name, lengthBytes: 70_000 })
      const parts: Uint8Array[] = []
      for await (const part of engine.readFile(infoHash, 0, { startByte: 0, endByte: 69_999 }))
        parts.push(part)
      expect(Buffer.concat(parts).equals(sampleBytes(70_000))).toBe(true)
    }
  })

  it('refuses a name under which the content would not be found', async () => {
    const engine = await swarm.engine()
    const file = join(await swarm.folder(), 'a.bin')
    await writeFile(file, sampleBytes(70_000))
    for (const name of ['b.bin', '', '../a.bin']) {
      await expect(engine.seedPath(file, { name, lengthBytes: 70_000 })).rejects.toMatchObject({
        name: 'TorrentError',
        code: 'cannot-seed',
      })
    }
    expect(engine.list()).toEqual([])
  })
})

describe('seeding files', () => {
  it('tells how far it has read, up to the whole length', async () => {
    const core = await createEngineCore({
      loadWebTorrent: loadNodeWebTorrent,
      storage: null,
      path: await swarm.folder(),
      trackers: [],
      iceServers: [],
      extensions: [],
      upload: { enabled: true, maxBytesPerSec: null },
    })
    const heard: number[] = []
    const files = [300_000, 50_000].map(
      (lengthBytes, i) => new File([new Uint8Array(sampleBytes(lengthBytes))], `${i}.bin`),
    )
    await core
      .seedInput(files, {
        name: 'two files',
        lengthBytes: 350_000,
        onHashed: (hashedBytes) => void heard.push(hashedBytes),
      })
      .finally(() => core.destroy())
    expect(heard.length).toBeGreaterThan(1)
    expect(heard.toSorted((a, b) => a - b)).toEqual(heard)
    expect(heard.at(-1)).toBe(350_000)
  })
})
