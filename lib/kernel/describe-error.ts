/** The words that people read when something goes wrong: what happened, what it means for their money, what to do next. */
import {
  AppError,
  ChainError,
  ChannelError,
  MediaError,
  StorageError,
  TorrentError,
  TransportError,
  WalletError,
  WireError,
} from '../base/index.ts'
import { isolateText } from '../units/index.ts'
import { NO_MONEY, NOTHING_SPENT, VOUCHERS_SAFE, WORDS, type Words } from './error-words.ts'
import type { Problem } from './problem.ts'

/** By family, for codes without words of their own. */
const FAMILIES: readonly (readonly [abstract: abstract new (...args: never[]) => AppError, words: Words])[] =
  [
    [
      WalletError,
      {
        title: 'The wallet could not do that.',
        money: NOTHING_SPENT,
        action: 'Unlock it, check its network, and try again.',
      },
    ],
    [
      ChainError,
      {
        title: 'The network refused the transaction.',
        money: 'No BTT moved; a fee may have been burned.',
        action: 'Look at the transaction, then try again.',
      },
    ],
    [
      ChannelError,
      {
        title: 'The payment channel could not take that.',
        money: VOUCHERS_SAFE,
        action: 'Settle this session and begin a new one.',
      },
    ],
    [
      StorageError,
      {
        title: 'This browser’s storage failed.',
        money: 'Nothing is promised that could not be saved first.',
        action: 'Free some space and reload the page.',
      },
    ],
    [
      TransportError,
      {
        title: 'A server could not be reached.',
        money: NOTHING_SPENT,
        action: 'Check your connection; the page tries again.',
      },
    ],
    [
      WireError,
      {
        title: 'A peer broke the rules and was dropped.',
        money: 'It is not paid any more.',
        action: 'Nothing to do: others take over.',
      },
    ],
    [
      TorrentError,
      {
        title: 'That torrent cannot be opened.',
        money: NO_MONEY,
        action: 'Try its magnet link or another copy.',
      },
    ],
    [
      MediaError,
      {
        title: 'This browser cannot play that file.',
        money: 'Pieces that arrived were paid for and are yours.',
        action: 'Download the file and open it in another player.',
      },
    ],
  ]

const UNEXPECTED: Words = {
  title: 'Something unexpected went wrong.',
  money: VOUCHERS_SAFE,
  action: 'Reload the page. If it happens again, tell us what you did.',
}

/** Words for anything that was thrown. The technical message follows the title where it adds something. */
export function describeError(error: unknown): Problem {
  if (!(error instanceof AppError)) {
    // A bug of ours: people get calm words, the console gets the stack.
    globalThis.reportError?.(error)
    return { code: 'unexpected', ...UNEXPECTED }
  }
  const known = WORDS[error.code]
  if (known) return { code: error.code, ...known }
  const family = FAMILIES.find(([kind]) => error instanceof kind)?.[1] ?? UNEXPECTED
  return {
    code: error.code,
    ...family,
    title: error.message ? `${family.title} ${isolateText(error.message)}` : family.title,
  }
}

/** Words for a state that is not an exception, by its code. Throws RangeError for a code without words. */
export function describeCode(code: string): Problem {
  const words = WORDS[code]
  if (!words) throw new RangeError(`no words for "${code}"`)
  return { code, ...words }
}
