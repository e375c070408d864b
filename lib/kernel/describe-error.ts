/** The words that people read when something goes wrong, by the error's family and code. */
import {
  AppError,
  type BugCode,
  ChainError,
  ChannelError,
  MediaError,
  SiteError,
  StorageError,
  TorrentError,
  TransportError,
  WalletError,
  WireError,
} from '../base/index.ts'
import { isolateText } from '../units/index.ts'
import type { Problem } from './problem.ts'
import { CHAIN_WORDS } from './words/chain.ts'
import { CHANNEL_WORDS } from './words/channel.ts'
import { CONTRACT_WORDS } from './words/contract.ts'
import { MEDIA_WORDS } from './words/media.ts'
import { SITE_WORDS } from './words/site.ts'
import { STATE_WORDS, type StateCode } from './words/state.ts'
import { STORAGE_WORDS } from './words/storage.ts'
import { TORRENT_WORDS } from './words/torrent.ts'
import { TRANSPORT_WORDS } from './words/transport.ts'
import { WALLET_WORDS } from './words/wallet.ts'
import { VOUCHERS_SAFE, type Words } from './words/words.ts'

type Table = Readonly<Record<string, Words>>
/** By family: the compiler holds each table to all codes of its family that can reach a person. */
const FAMILIES: readonly (readonly [family: abstract new (...args: never[]) => AppError, words: Table])[] = [
  [SiteError, SITE_WORDS],
  [TransportError, TRANSPORT_WORDS],
  [TorrentError, TORRENT_WORDS],
  [ChannelError, CHANNEL_WORDS],
  [ChainError, { ...CHAIN_WORDS, ...CONTRACT_WORDS }],
  [WalletError, WALLET_WORDS],
  [StorageError, STORAGE_WORDS],
  [MediaError, MEDIA_WORDS],
]

const PEER: Words = {
  title: 'A peer broke the rules and was dropped.',
  money: 'It is not paid any more.',
  action: 'Nothing to do: others take over.',
}

/** What only a mistake of ours brings about (`BugCode`), and what no page should ever see: a program's codes. */
const UNEXPECTED: Words = {
  title: 'Something unexpected went wrong.',
  money: VOUCHERS_SAFE,
  action: 'Reload the page. If it happens again, tell us what you did.',
}
const BUG: Words = { ...UNEXPECTED, showsMessage: true }

/** Codes without words of their own, with the reason; `npm test` holds the source against it. */
export const BUG_CODES: Readonly<Record<BugCode, true>> = {
  'bad-cap': true,
  'bad-payee': true,
  'bad-transition': true,
  'duplicate-seat': true,
  'empty-tree': true,
  'not-rising': true,
  'over-cap': true,
  'over-promised': true,
  'too-many-seats': true,
  'total-too-large': true,
  'unknown-seat': true,
}

/** Words for anything that was thrown. The error's own message follows the title where it tells more. */
export function describeError(error: unknown): Problem {
  if (!(error instanceof AppError)) {
    // A bug of ours: people get calm words, the console gets the stack.
    globalThis.reportError?.(error)
    return toProblem('unexpected', UNEXPECTED, '')
  }
  const problem = toProblem(error.code, findWords(error), error.message)
  return error instanceof WalletError ? nameWallet(problem, error.walletName) : problem
}

/** The wallet's own name in place of `{wallet}`. */
function nameWallet({ code, ...words }: Problem, walletName: string | null): Problem {
  const name = walletName === null ? 'your wallet' : isolateText(walletName)
  const fill = (text: string): string => text.replaceAll('{wallet}', () => name)
  return { code, title: fill(words.title), money: words.money, action: fill(words.action) }
}

function findWords(error: AppError): Words {
  if (error instanceof WireError) return PEER
  const table = FAMILIES.find(([family]) => error instanceof family)?.[1]
  return (table && Object.hasOwn(table, error.code) ? table[error.code] : null) ?? BUG
}

function toProblem(code: string, { showsMessage, ...words }: Words, message: string): Problem {
  const title = showsMessage && message ? `${words.title} ${isolateText(message)}` : words.title
  return { code, ...words, title }
}

/** Words for a state that is not an exception, by its code. */
export function describeCode(code: StateCode): Problem {
  return toProblem(code, STATE_WORDS[code], '')
}
