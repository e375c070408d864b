/**
 * A file with which its owner finds channels again where no node tells of them any more: the openings, as they went to the chain. It holds
 * no key and no secret; whoever has it can do nothing that the chain does not let anybody do.
 */
import { ChannelError, type Hex } from '../base/index.ts'
import { type Address, type Network, parseAddress } from '../tron/index.ts'
import { toAmount } from '../units/index.ts'
import { rebuildSeatTree } from './channel-note.ts'
import type { ChannelOpening } from './read-opening.ts'
import { MAX_CLOSE_DELAY_SEC } from './types.ts'

const KIND = 'piecemeal recovery'
const VERSION = 1
/** No file of ours is near this. */
const MAX_FILE_CHARS = 4_000_000

export type NetworkId = Pick<Network, 'chainId' | 'contract'>

/** JSON, indented: a person may look at it. */
export function makeRecoveryFile(
  { chainId, contract }: NetworkId,
  openings: readonly Pick<ChannelOpening, 'channel' | 'note'>[],
): string {
  const listed = openings.map(({ channel, note }) => ({ ...channel, total: channel.total.toString(), note }))
  return JSON.stringify({ kind: KIND, version: VERSION, chainId, contract, openings: listed }, null, 2)
}

/**
 * The openings in a file, each checked against the channel that it names. Throws ChannelError 'bad-recovery-file' in words that say what
 * is wrong with it.
 */
export function parseRecoveryFile(text: string, network: NetworkId): readonly ChannelOpening[] {
  if (text.length > MAX_FILE_CHARS) throw bad('it is too long')
  let file: Partial<Record<string, unknown>>
  try {
    file = JSON.parse(text)
  } catch (cause) {
    throw bad('it is not JSON', cause)
  }
  if (typeof file !== 'object' || file === null || file.kind !== KIND) throw bad('it is another kind of file')
  if (file.version !== VERSION) throw bad('a newer page wrote it')
  if (file.chainId !== network.chainId || file.contract !== network.contract)
    throw bad('it is of another network or contract')
  if (!Array.isArray(file.openings)) throw bad('it lists no channels')
  return file.openings.map(parseOpening)
}

function parseOpening(value: unknown, index: number): ChannelOpening {
  const fields = (typeof value === 'object' && value !== null ? value : {}) as Partial<
    Record<string, unknown>
  >
  const { payer, signer, root, total, closeDelaySec, salt, note } = fields
  try {
    const channel = {
      payer: readAddress(payer),
      signer: readAddress(signer),
      root: parseHex(root, 32),
      total: toAmount(parseTotal(total)),
      closeDelaySec: parseDelay(closeDelaySec),
      salt: parseHex(salt, 32),
    }
    const own = parseHex(note, null)
    return { channel, note: own, leaves: rebuildSeatTree(own, channel).leaves }
  } catch (cause) {
    throw bad(`channel ${index + 1} in it is broken`, cause)
  }
}

function readAddress(value: unknown): Address {
  const address = parseAddress(value)
  if (!address) throw new RangeError('no address')
  return address
}

function parseHex(value: unknown, lengthBytes: number | null): Hex {
  if (typeof value !== 'string' || !/^0x([0-9a-f]{2})*$/.test(value)) throw new RangeError('no hex')
  if (lengthBytes !== null && value.length !== 2 + 2 * lengthBytes)
    throw new RangeError('hex of another length')
  return value as Hex
}

function parseTotal(value: unknown): bigint {
  if (typeof value !== 'string' || !/^\d{1,39}$/.test(value)) throw new RangeError('no amount')
  return BigInt(value)
}

function parseDelay(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0 || value > MAX_CLOSE_DELAY_SEC)
    throw new RangeError('no delay')
  return value
}

const bad = (what: string, cause?: unknown): ChannelError =>
  new ChannelError('bad-recovery-file', `The recovery file cannot be read: ${what}.`, { cause })
