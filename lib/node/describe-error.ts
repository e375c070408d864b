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
} from '../units/index.ts'
import type { Problem } from './node.ts'

type Words = Omit<Problem, 'code'>

const NO_MONEY = 'No money was involved.'
const NOTHING_SPENT = 'Nothing was signed and nothing was spent.'
const VOUCHERS_SAFE = 'What you promised and what is locked are saved in this browser.'

/** By error code, where a failure deserves words of its own. */
const WORDS: Readonly<Record<string, Words>> = {
  empty: {
    title: 'There is nothing to open.',
    money: NO_MONEY,
    action: 'Paste a magnet link, an info-hash or a link to a .torrent file.',
  },
  'too-long': {
    title: 'That text is far too long for a link.',
    money: NO_MONEY,
    action: 'Paste one magnet link, info-hash or link.',
  },
  unrecognised: {
    title: 'That is not a magnet link, an info-hash or a link to a torrent.',
    money: NO_MONEY,
    action: 'A magnet link begins with “magnet:?xt=urn:btih:”; an info-hash has 40 hexadecimal digits.',
  },
  'bad-magnet': {
    title: 'That magnet link has no readable info-hash.',
    money: NO_MONEY,
    action: 'Copy it again, whole: it must contain “xt=urn:btih:” and 40 hexadecimal digits.',
  },
  'v2-only': {
    title: 'That torrent uses only version 2 of BitTorrent.',
    money: NO_MONEY,
    action: 'Piecemeal reads version 1 and hybrid torrents. Look for a version 1 link.',
  },
  'bad-torrent': {
    title: 'That file is not a torrent, or it is damaged.',
    money: NO_MONEY,
    action: 'Download the .torrent file again, or use its magnet link.',
  },
  'torrent-too-large': {
    title: 'That .torrent file is too large to be one.',
    money: NO_MONEY,
    action: 'Use the magnet link of the same torrent.',
  },
  'link-unreachable': {
    title: 'The link could not be fetched.',
    money: NO_MONEY,
    action:
      'The site may be down or may not allow other pages to read it. Download the file and drop it here.',
  },
  'no-peers': {
    title: 'Nobody who has this torrent can be reached yet.',
    money: 'You pay only for pieces that arrive and check out: nothing was spent.',
    action:
      'A page can only reach peers that speak WebRTC: other browsers and WebRTC seeders. Leave the page open; it connects as soon as one appears.',
  },
  'tracker-unreachable': {
    title: 'No tracker answers, so no peers can be found.',
    money: 'You pay only for pieces that arrive and check out: nothing was spent.',
    action: 'Check your connection. The page tries again by itself.',
  },
  'trackers-empty': {
    title: 'This site names no tracker, so no peers can be found.',
    money: NO_MONEY,
    action: 'Its operator has to list a WebSocket tracker in config.json.',
  },
  quota: {
    title: 'This browser’s storage is full.',
    money: VOUCHERS_SAFE,
    action: 'Remove torrents that you no longer need, or free space on the disk, then resume.',
  },
  rejected: {
    title: 'You declined the request in your wallet.',
    money: NOTHING_SPENT,
    action: 'Try again when you are ready.',
  },
  'request-pending': {
    title: 'Your wallet already waits for an answer.',
    money: NOTHING_SPENT,
    action: 'Open TronLink and answer the request there.',
  },
  'not-installed': {
    title: 'TronLink was not found in this browser.',
    money: NO_MONEY,
    action: 'Install the TronLink extension and reload the page, or use another wallet that is offered.',
  },
  'wrong-network': {
    title: 'Your wallet or node is on another network.',
    money: 'Nothing was signed: a signature for one network is worthless on another.',
    action: 'Switch to the network named at the foot of the page, then try again.',
  },
  'too-little-trx': {
    title: 'There is too little TRX for the network fee.',
    money: NOTHING_SPENT,
    action: 'Add TRX to this address. On a test network, take test coins.',
  },
  'too-little-btt': {
    title: 'There is less BTT than the budget.',
    money: NOTHING_SPENT,
    action: 'Choose a smaller budget or add BTT. On a test network, take test coins.',
  },
  unreachable: {
    title: 'The TRON node does not answer.',
    money: 'Nothing is lost: coins and channels stay on the chain, and vouchers stay in this browser.',
    action: 'Check your connection and try again in a moment.',
  },
  'out-of-energy': {
    title: 'The transaction ran out of energy.',
    money: 'The network kept the fee; no BTT moved.',
    action: 'Add TRX to this address and try again.',
  },
  expired: {
    title: 'The transaction was not taken in time.',
    money: 'No BTT moved. The page looked its number up and the chain does not know it.',
    action: 'Try again.',
  },
  'budget-exhausted': {
    title: 'The budget is used up.',
    money: 'Everything that you promised bought verified pieces. Nothing more is spent.',
    action:
      'The stream goes on as a free peer, more slowly. Settle, then choose a new budget to speed it up.',
  },
  'purse-expired': {
    title: 'The time that you gave the budget is over.',
    money: 'No new channel can be opened. What is left is yours.',
    action: 'Settle to get the rest back.',
  },
  'other-tab': {
    title: 'Piecemeal is open in another tab.',
    money: 'Only one tab can spend from your budget, so nothing is spent here.',
    action: 'Go on in the other tab, or close it: this one takes over by itself.',
  },
  'bad-config': {
    title: 'This site is not set up correctly.',
    money: NO_MONEY,
    action: 'Its operator has to correct config.json.',
  },
  'config-unreachable': {
    title: 'The site’s settings could not be loaded.',
    money: NO_MONEY,
    action: 'Check your connection and reload the page.',
  },
  'tip-failed': {
    title: 'The tip was not sent.',
    money: 'Nothing was promised.',
    action: 'The seat of this seeder has too little left. Try a smaller tip.',
  },
  'faucet-refused': {
    title: 'The faucet gave nothing this time.',
    money: NO_MONEY,
    action: 'It serves each address once a minute. Wait a little and try again.',
  },
}

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
  if (!(error instanceof AppError)) return { code: 'unexpected', ...UNEXPECTED }
  const known = WORDS[error.code]
  if (known) return { code: error.code, ...known }
  const family = FAMILIES.find(([kind]) => error instanceof kind)?.[1] ?? UNEXPECTED
  return { code: error.code, ...family, title: `${family.title} ${error.message}`.trim() }
}

/** Words for a state that is not an exception, by its code. Throws RangeError for a code without words. */
export function describeCode(code: string): Problem {
  const words = WORDS[code]
  if (!words) throw new RangeError(`no words for "${code}"`)
  return { code, ...words }
}
