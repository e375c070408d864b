/** The words by error code. Each says what happened, what it means for the money, and what to do next. */
import type { Problem } from './problem.ts'

export type Words = Omit<Problem, 'code'>

export const NO_MONEY = 'No money was involved.'
export const NOTHING_SPENT = 'Nothing was signed and nothing was spent.'
export const VOUCHERS_SAFE = 'What you promised and what is locked are saved in this browser.'

/** By error code, where a failure deserves words of its own. */
export const WORDS: Readonly<Record<string, Words>> = {
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
  'private-link': {
    title: 'That link leads into a private network.',
    money: NO_MONEY,
    action: 'This page does not follow links there. Download the .torrent file yourself and drop it here.',
  },
  'no-peers': {
    title: 'Nobody who has this torrent can be reached yet.',
    money: 'You pay only for pieces that arrive and check out: waiting costs nothing.',
    action:
      'A page can only reach peers that speak WebRTC: other browsers and WebRTC seeders. Leave the page open; it connects as soon as one appears.',
  },
  'tracker-unreachable': {
    title: 'No tracker answers, so no peers can be found.',
    money: 'You pay only for pieces that arrive and check out: waiting costs nothing.',
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
  'out-of-time': {
    title: 'The network was too busy for this transaction.',
    money:
      'It kept the fee of each try and moved nothing by it. What was settled or redeemed before stays so.',
    action: 'Try again later: it goes on where it stopped, and your vouchers are still good.',
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
  'storage-failed': {
    title: 'This browser’s storage failed.',
    money: 'Nothing is promised that could not be saved first.',
    action: 'Free some space on the disk and reload the page.',
  },
  'torrent-failed': {
    title: 'This torrent stopped with an error.',
    money: VOUCHERS_SAFE,
    action: 'Remove it and add it again: pieces that were checked are asked for anew.',
  },
  'empty-files': {
    title: 'There is nothing in these files.',
    money: NO_MONEY,
    action: 'Drop files that hold something.',
  },
  'cannot-seed': {
    title: 'These files cannot be made into a torrent.',
    money: NO_MONEY,
    action: 'A file may have moved or be unreadable. Drop them again.',
  },
  'no-worker': {
    title: 'This browser does not let the page stream.',
    money: NO_MONEY,
    action: 'Service workers are off here, as in some private windows. Open the page in a normal window.',
  },
  'key-unreadable': {
    title: 'The key that this browser kept cannot be read.',
    money: 'What is locked stays yours: your wallet can settle it.',
    action: 'Settle with your wallet, then start a new budget.',
  },
  'keys-unavailable': {
    title: 'This browser does not let the page keep a key.',
    money: NOTHING_SPENT,
    action: 'Private windows may forbid it. Open the page in a normal window to pay.',
  },
  'ledger-write': {
    title: 'A payment could not be saved, so it was not made.',
    money: 'Nothing was promised: vouchers are saved before they are sent.',
    action: 'Free some space on the disk, then resume paying.',
  },
  locked: { title: 'Your wallet is locked.', money: NOTHING_SPENT, action: 'Unlock TronLink and try again.' },
  'account-changed': {
    title: 'Another account was chosen in the wallet.',
    money: NOTHING_SPENT,
    action: 'Go back to the account that you began with, or connect the new one.',
  },
  'wrong-account': {
    title: 'This budget was funded by another account.',
    money: VOUCHERS_SAFE,
    action: 'Choose that account in your wallet, then settle.',
  },
  'consent-needed': {
    title: 'You have not joined any swarm yet.',
    money: NO_MONEY,
    action: 'Open a torrent first and answer the question about sharing.',
  },
  'not-connected': { title: 'No wallet is connected.', money: NO_MONEY, action: 'Connect a wallet first.' },
  'altered-transaction': {
    title: 'The wallet gave back another transaction than the one it was shown.',
    money: 'It was not sent: nothing was spent.',
    action: 'Do not use this wallet until you know why.',
  },
  'switch-unsupported': {
    title: 'Your wallet cannot switch networks from a page.',
    money: NO_MONEY,
    action: 'Choose the network in the wallet itself, then connect again.',
  },
  pending: {
    title: 'An earlier transaction is still under way.',
    money: 'Nothing is sent twice. What is locked stays yours.',
    action: 'Wait a moment, then try again.',
  },
  'bad-reply': {
    title: 'The TRON node answered nonsense.',
    money: 'Nothing was signed on its word.',
    action: 'Try again. If it stays so, the site’s operator has to name another node.',
  },
  'fee-too-high': {
    title: 'The network asks for an unusually high fee.',
    money: NOTHING_SPENT,
    action: 'Try again later.',
  },
  'session-active': {
    title: 'You already have a budget.',
    money: VOUCHERS_SAFE,
    action: 'Resume it, or settle it before you begin another.',
  },
  'session-key-lost': {
    title: 'The key of this budget is gone from this browser.',
    money: 'Nobody can spend it further; your wallet can get it back.',
    action: 'Settle, then begin a new budget.',
  },
  'sums-differ': {
    title: 'The chain’s figures do not add up with our receipts.',
    money: 'The transactions are final; the receipts are kept.',
    action: 'Open the receipts and compare them with the explorer, and please tell us.',
  },
  'start-interrupted': {
    title: 'The page was closed while the budget was being set up.',
    money: 'If the transaction went through, the money is in your purse; if not, nothing moved.',
    action: 'Reload in a moment: the page looks the transaction up and shows how it ended.',
  },
  framed: {
    title: 'This page is shown inside another site.',
    money: 'There it only plays: it neither pays nor earns, and it touches no wallet.',
    action: 'Open it in its own tab to pay or earn.',
  },
  'tip-not-here': {
    title: 'Your budget is not for this torrent.',
    money: 'Nothing was promised.',
    action: 'Choose “Pay here” in the money panel first: a tip comes out of the same budget.',
  },
  'no-budget': {
    title: 'There is no budget to pay from.',
    money: NOTHING_SPENT,
    action: 'Choose “Pay for speed” to set one.',
  },
  'tip-no-seat': {
    title: 'There is no open seat for this seeder.',
    money: 'Nothing was promised.',
    action: 'Pay for speed first: a tip comes out of the same budget.',
  },
  'tip-too-small': {
    title: 'This seeder takes no tip so small.',
    money: 'Nothing was promised.',
    action: 'Choose a larger tip.',
  },
  'tip-too-little': {
    title: 'This seeder’s seat has less left than the tip.',
    money: 'Nothing was promised.',
    action: 'Choose a smaller tip.',
  },
  'faucet-unreachable': {
    title: 'The faucet does not answer.',
    money: NO_MONEY,
    action: 'Try again in a moment.',
  },
  'not-ready': {
    title: 'The torrent’s contents are not known yet.',
    money: NO_MONEY,
    action: 'Wait until a peer sends them.',
  },
  'bad-message-signature': {
    title: 'The wallet’s answer is not the connected account’s signature.',
    money: 'Nothing is sold, and nothing was spent.',
    action: 'Choose the connected account in your wallet, then start earning again.',
  },
  'endorsement-over': {
    title: 'Your wallet’s word for this browser is over.',
    money: 'What you earned stays yours. Nothing more is sold until you renew it.',
    action: 'Start earning again: your wallet asks for one signature, which moves no money.',
  },
  'redeem-too-little': {
    title: 'What is due is worth less than the network’s fee.',
    money: NOTHING_SPENT,
    action:
      'Wait until more is due: your vouchers are saved in this browser, and a payer’s settlement pays them without a fee of yours.',
  },
  'nothing-to-redeem': {
    title: 'The network would pay nothing for these vouchers now.',
    money: NOTHING_SPENT,
    action: 'Try again later. If it stays so, please tell us: your vouchers are saved in this browser.',
  },
  'moved-nothing': {
    title: 'The redemption was taken and paid nothing.',
    money: 'The network kept the fee. Your vouchers are still in this browser.',
    action:
      'Do not redeem again before you know why: look at the transaction in the receipts, and please tell us.',
  },
  'moved-less': {
    title: 'The redemption paid less than your vouchers say.',
    money: 'What it paid is in your wallet; the rest is still due.',
    action: 'Look at the transaction in the receipts, and please tell us.',
  },
  'payer-closing': {
    title: 'A payer is closing a channel that still owes you.',
    money:
      'Your vouchers are good until the channel is settled; what is not redeemed by then goes back to the payer.',
    action: 'Redeem now: one transaction takes all of it.',
  },
}
