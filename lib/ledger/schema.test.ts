import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import 'fake-indexeddb/auto'
import { openDB } from 'idb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openFileLedger } from './file.ts'
import { openIdbLedger } from './idb.ts'
import { openMemoryLedger } from './memory.ts'
import { type LedgerSchema, mergeSchemas } from './schema.ts'

interface Named {
  readonly name: string
}
interface Titled {
  readonly title: string
  readonly amount: bigint
}
type Tables1 = { readonly films: Named }
type Tables2 = { readonly films: Titled }
const FIRST: LedgerSchema<Tables1> = { films: { version: 1 } }
const SECOND: LedgerSchema<Tables2> = {
  films: {
    version: 2,
    migrate: (row) => ({ title: (row as Named).name, amount: 7n }),
  },
}
const SALES: LedgerSchema<{ readonly sales: Named }> = { sales: { version: 1 } }
const put = { table: 'films', key: 'a', value: { name: 'Zoom' } } as const

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'piecemeal-schema-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('schemas', () => {
  it('of two rooms make one ledger; a table that both bring is refused', async () => {
    const ledger = openMemoryLedger(mergeSchemas(FIRST, SALES))
    await ledger.commit({ puts: [put, { table: 'sales', key: 'b', value: { name: 'sold' } }] })
    expect(await ledger.list('sales')).toEqual([{ name: 'sold' }])
    expect(await ledger.list('films')).toEqual([{ name: 'Zoom' }])
    expect(() => mergeSchemas(FIRST, SECOND)).toThrow(RangeError)
  })
})

describe('a file', () => {
  it('of an older table is migrated once, and has its rows in the new shape from then on', async () => {
    const path = join(folder, 'old.jsonl')
    const old = await openFileLedger(FIRST, path)
    await old.commit({ puts: [put] })
    await old.close()
    for (let opened = 0; opened < 2; opened++) {
      const ledger = await openFileLedger(SECOND, path)
      expect(await ledger.list('films')).toEqual([{ title: 'Zoom', amount: 7n }])
      await ledger.close()
    }
    expect(await readFile(path, 'utf8')).toContain('"tables":{"films":2}')
  })

  it.each([
    ['a newer table', '{"ledger":2,"historyBytes":0,"nextId":1,"tables":{"films":3}}\n'],
    [
      'a table that this program does not know',
      '{"ledger":2,"historyBytes":0,"nextId":1,"tables":{"songs":1}}\n',
    ],
    ['newer lines', '{"ledger":3,"historyBytes":0,"nextId":1}\n{"whatever":true}\n'],
  ])('with %s is refused and stays as it is', async (_, head) => {
    const path = join(folder, 'newer.jsonl')
    await writeFile(path, head)
    await writeFile(`${path}.new`, 'a draft of the newer program')
    await expect(openFileLedger(SECOND, path)).rejects.toMatchObject({
      name: 'StorageError',
      code: 'ledger-newer',
    })
    expect(await readFile(path, 'utf8')).toBe(head)
    expect(await readFile(`${path}.new`, 'utf8')).toBe('a draft of the newer program')
    expect((await readdir(folder)).filter((name) => name.startsWith('newer')).sort()).toEqual([
      'newer.jsonl',
      'newer.jsonl.new',
    ])
    await rm(`${path}.new`)
  })
})

describe('a page', () => {
  it('of an older table is migrated once', async () => {
    const old = await openIdbLedger(FIRST, 'old')
    await old.commit({ puts: [put] })
    await old.close()
    for (let opened = 0; opened < 2; opened++) {
      const ledger = await openIdbLedger(SECOND, 'old')
      expect(await ledger.list('films')).toEqual([{ title: 'Zoom', amount: 7n }])
      await ledger.close()
    }
  })

  it('that gains a table keeps what it has', async () => {
    const five = {
      a: { version: 1 },
      b: { version: 1 },
      c: { version: 1 },
      d: { version: 1 },
      films: { version: 1 },
    }
    const old = await openIdbLedger<Record<'a' | 'b' | 'c' | 'd' | 'films', Named>>(five, 'grows')
    await old.commit({ puts: [put] })
    await old.close()
    const ledger = await openIdbLedger<Record<'a' | 'b' | 'c' | 'd' | 'films' | 'sales', Named>>(
      { ...five, sales: { version: 1 } },
      'grows',
    )
    expect(await ledger.list('films')).toEqual([{ name: 'Zoom' }])
    expect(await ledger.list('sales')).toEqual([])
    await ledger.close()
  })

  it('that a newer version wrote is refused and stays as it is', async () => {
    const newer = await openIdbLedger(SECOND, 'newer')
    await newer.commit({ puts: [{ table: 'films', key: 'a', value: { title: 'Zoom', amount: 1n } }] })
    await newer.close()
    await expect(openIdbLedger(FIRST, 'newer')).rejects.toMatchObject({ code: 'ledger-newer' })
    const database = await openDB('newer')
    expect(await database.get('films', 'a')).toContain('Zoom')
    database.close()

    const later = await openDB('later', 9)
    later.close()
    await expect(openIdbLedger(FIRST, 'later')).rejects.toMatchObject({
      name: 'StorageError',
      code: 'ledger-newer',
    })
  })
})
