/** Puts another network into config.json: the file stays as its owner wrote it but for that one object. */
import { randomUUID } from 'node:crypto'
import { access, constants, open, readFile, realpath, rename, rm, stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { AppError, StorageError } from '../../lib/base/index.ts'
import { parseConfig } from '../../lib/config/index.ts'
import type { Network } from '../../lib/tron/index.ts'

type Json = Readonly<Record<string, unknown>>

/** The configuration's network as it is now. Throws StorageError on a file that cannot be read or has none. */
export async function readConfigNetwork(path: string): Promise<Json> {
  return parseFile(await readText(path), path).network
}

/** Makes sure that it can be replaced, before anything is spent. Throws StorageError. */
export async function checkConfig(path: string, network: Network): Promise<void> {
  replaceNetwork(await readText(path), network, path)
  await access(path, constants.W_OK).catch((cause: unknown) => {
    throw new StorageError('config', `${path} cannot be written`, { cause })
  })
}

/** Replaces it, all or nothing: written beside, then renamed. Throws StorageError; then the file is as before. */
export async function writeConfigNetwork(path: string, network: Network): Promise<void> {
  const target = await realpath(path).catch((cause: unknown) => {
    throw new StorageError('config', `${path} cannot be found`, { cause })
  })
  const text = replaceNetwork(await readText(target), network, path)
  const { mode } = await stat(target)
  const beside = `${target}.${randomUUID()}`
  try {
    const file = await open(beside, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, target)
  } catch (cause) {
    await rm(beside, { force: true })
    throw new StorageError('config', `${path} cannot be written`, { cause })
  }
}

/** The text with another value of the top level's `network`. Throws StorageError. */
export function replaceNetwork(text: string, network: Network, path: string): string {
  const { config } = parseFile(text, path)
  const span = findTopLevelValue(text, 'network')
  const indent = /\n([ \t]+)"/.exec(text)?.[1] ?? '  '
  const value = JSON.stringify(network, null, indent).replaceAll('\n', `\n${indent}`)
  const changed = text.slice(0, span.start) + value + text.slice(span.end)
  // Nothing but the network may differ: checked, not hoped.
  if (!isDeepStrictEqual(JSON.parse(changed), { ...config, network: { ...network } }))
    throw new StorageError('config', `${path} cannot be changed safely: write the network by hand`)
  parsePage(changed, path)
  return changed
}

/** What the page would not take is not written. */
function parsePage(text: string, path: string): void {
  try {
    parseConfig(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof AppError ? cause.message : 'it is not JSON'
    throw new StorageError('config', `${path} would not be one that the page reads: ${reason}`, { cause })
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new StorageError('config', `${path} cannot be read`, { cause })
  }
}

function parseFile(text: string, path: string): { readonly config: Json; readonly network: Json } {
  let config: Json | null
  try {
    config = JSON.parse(text) as Json | null
  } catch (cause) {
    throw new StorageError('config', `${path} is not JSON`, { cause })
  }
  const network = config?.network
  if (typeof network !== 'object' || network === null || Array.isArray(network))
    throw new StorageError('config', `${path} has no network`)
  return { config: config!, network: network as Json }
}

/** Where the value of a key of the outermost object stands. The text is known to be JSON with that key. */
function findTopLevelValue(text: string, key: string): { readonly start: number; readonly end: number } {
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g
  let found = { start: -1, end: -1 }
  let depth = 0
  let start = -1
  let isNext = false
  let last = { text: '', end: 0 }
  for (const { 0: token, index } of text.matchAll(tokens)) {
    if (isNext) {
      start = index
      isNext = false
    } else if (depth === 1 && start >= 0 && (token === ',' || token === '}')) {
      // Of two equal keys JSON takes the last.
      found = { start, end: last.end }
      start = -1
    } else if (depth === 1 && start < 0 && token === ':') {
      isNext = JSON.parse(last.text) === key
    }
    if (token === '{' || token === '[') depth += 1
    if (token === '}' || token === ']') depth -= 1
    last = { text: token, end: index + token.length }
  }
  return found
}
