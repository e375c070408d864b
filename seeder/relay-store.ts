/** What was spent on openings, in the data folder: a restart gives no budget back. */
import { readFile } from 'node:fs/promises'
import { type Hex, StorageError } from '../lib/base/index.ts'
import { parseAddress } from '../lib/tron/index.ts'
import { toFeeSun } from '../lib/units/index.ts'
import { replaceFile } from './durable-file.ts'
import { toJsonText } from './log.ts'
import { NO_SPENDING, type RelayRecord, type RelaySpend } from './relay-policy.ts'

export interface RelayStore {
  /** Throws StorageError 'relay-record' when it is damaged: a lost record would be a new budget. */
  load(): Promise<RelayRecord>
  /** On the disk before it resolves. Throws StorageError. */
  save(record: RelayRecord): Promise<void>
}

/** null keeps nothing beyond this run. */
export function createRelayStore(path: string | null): RelayStore {
  return {
    async load() {
      if (path === null) return NO_SPENDING
      let text: string
      try {
        text = await readFile(path, 'utf8')
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return NO_SPENDING
        throw new StorageError('relay-record', `${path} cannot be read`, { cause })
      }
      return parseRecord(text) ?? failDamaged(path)
    },
    async save(record) {
      if (path === null) return
      try {
        await replaceFile(path, `${toJsonText(record)}\n`)
      } catch (cause) {
        throw new StorageError('relay-record', `${path} cannot be written`, { cause })
      }
    },
  }
}

function failDamaged(path: string): never {
  throw new StorageError('relay-record', `${path} is damaged: remove it to begin with whole relay budgets`)
}

type Fields = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isSun = (value: unknown): value is string => typeof value === 'string' && /^\d{1,30}$/.test(value)

function parseRecord(text: string): RelayRecord | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (!isObject(value) || !isSun(value.totalSun) || !Array.isArray(value.lastDay)) return null
  const lastDay = value.lastDay.map(parseSpend)
  if (lastDay.includes(null)) return null
  return { totalSun: toFeeSun(BigInt(value.totalSun)), lastDay: lastDay.flatMap((spend) => spend ?? []) }
}

function parseSpend(value: unknown): RelaySpend | null {
  if (!isObject(value)) return null
  const { atMs, channelId, feeSun } = value
  const payer = parseAddress(value.payer)
  if (typeof atMs !== 'number' || !payer || !isSun(feeSun)) return null
  if (typeof channelId !== 'string' || !/^0x[0-9a-f]{64}$/.test(channelId)) return null
  return { atMs, payer, channelId: channelId as Hex, feeSun: toFeeSun(BigInt(feeSun)) }
}
