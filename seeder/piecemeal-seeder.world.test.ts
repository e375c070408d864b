import { cp, mkdir, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }
import { makeTorrentFolder, runSeeder } from './testing/run-seeder.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
let folder: string
let removeFolder: () => Promise<void>

beforeAll(async () => {
  ;({ folder, removeFolder } = await makeTorrentFolder())
})
afterAll(() => removeFolder())

const launcher = (packageRoot: string): [string, string] => [
  process.execPath,
  join(packageRoot, packageJson.bin['piecemeal-seeder']),
]

describe('the launcher', () => {
  test('runs the program where the sources are', async () => {
    const program = runSeeder(['--help'], {}, launcher(root))
    expect(await program.ended).toBe(0)
    expect(program.output()).toContain('--ask <BTT>')
  })

  test('passes the program’s exit code and words on', async () => {
    const program = runSeeder(['--ask', '-1'], {}, launcher(root))
    expect([await program.ended, program.errors()]).toEqual([2, expect.stringContaining('--help')])
  })

  test('runs it as npx installs it: below node_modules, where Node itself strips no types', async () => {
    const installed = join(folder, 'node_modules', 'piecemeal')
    await mkdir(installed, { recursive: true })
    for (const part of ['lib', 'seeder', 'package.json'])
      await cp(join(root, part), join(installed, part), { recursive: true })
    await symlink(join(root, 'node_modules'), join(installed, 'node_modules'))
    const program = runSeeder(['--help'], {}, launcher(installed))
    expect([await program.ended, program.errors()]).toEqual([0, ''])
    expect(program.output()).toContain('--ask <BTT>')
  })
})
