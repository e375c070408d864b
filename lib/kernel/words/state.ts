/** Words for states of the page that are no exceptions. */
import { CHAIN_WORDS } from './chain.ts'
import { SITE_WORDS } from './site.ts'
import { STORAGE_WORDS } from './storage.ts'
import { TORRENT_WORDS } from './torrent.ts'
import { TRANSPORT_WORDS } from './transport.ts'
import { NO_MONEY, type Words } from './words.ts'

export const STATE_WORDS = {
  'no-peers': {
    title: 'Nobody who has this torrent can be reached yet.',
    money: 'You pay only for pieces that arrive and check out: waiting costs nothing.',
    action:
      'A page can only reach peers that speak WebRTC: other browsers and WebRTC seeders. Leave the page open; it connects as soon as one appears.',
  },
  'trackers-empty': {
    title: 'This site names no tracker, so no peers can be found.',
    money: NO_MONEY,
    action: 'Its operator has to list a WebSocket tracker in config.json.',
  },
  'tracker-unreachable': {
    title: 'No tracker answers, so no peers can be found.',
    money: 'You pay only for pieces that arrive and check out: waiting costs nothing.',
    action: 'Check your connection. The page tries again by itself.',
  },
  'budget-spent': {
    title: 'The budget is used up.',
    money: 'Everything that you promised bought verified pieces. Nothing more is spent.',
    action: 'The stream goes on as a free peer, more slowly. Top up to speed it up again, or settle.',
  },
  'budget-elsewhere': {
    title: 'What is left of the budget waits for seeders that are not here now.',
    money: 'It is yours. These seeders have no seat in your channels, and the purse is empty.',
    action:
      'The stream goes on free. Wait for the others, top up for those that are here, or settle: the rest comes back to your wallet.',
  },
  'budget-expired': {
    title: 'The time of the budget is over.',
    money: 'What is left in the purse is yours; no new seat can be opened from it.',
    action: 'Settle to get it back, then choose a new budget.',
  },
  framed: {
    title: 'This page is shown inside another site.',
    money: 'There it only plays: it neither pays nor earns, and it touches no wallet.',
    action: 'Open it in its own tab to pay or earn.',
  },
  'tip-not-here': {
    title: 'Your budget is not for this torrent.',
    money: 'Nothing was paid.',
    action: 'Choose “Pay here” in the money panel first: a tip comes out of the same budget.',
  },
  'tip-no-seat': {
    title: 'There is no open seat for this seeder.',
    money: 'Nothing was paid.',
    action: 'Pay for speed first: a tip comes out of the same budget.',
  },
  'tip-too-small': {
    title: 'This seeder takes no tip so small.',
    money: 'Nothing was paid.',
    action: 'Choose a larger tip.',
  },
  'tip-too-little': {
    title: 'This seeder’s seat has less left than the tip.',
    money: 'Nothing was paid.',
    action: 'Choose a smaller tip.',
  },
  'tip-failed': {
    title: 'The tip was not sent.',
    money: 'Nothing was paid.',
    action: 'The seat of this seeder has too little left. Try a smaller tip.',
  },
  'endorsement-over': {
    title: 'Your wallet’s word for this browser is over.',
    money: 'What you earned stays yours. Nothing more is sold until you renew it.',
    action: 'Start earning again: your wallet asks for one signature, which moves no money.',
  },
  'payer-closing': {
    title: 'A payer is closing a channel that still owes you.',
    money:
      'Your vouchers are good until the channel is settled; what is not redeemed by then goes back to the payer.',
    action: 'Redeem now: one transaction takes all of it.',
  },
  'page-closed': {
    title: 'The page was closed before your wallet answered.',
    money: 'Nothing was sent.',
    action: 'Nothing to do. Begin again if you still want it.',
  },
  'torrent-failed': TORRENT_WORDS['torrent-failed'],
  quota: STORAGE_WORDS.quota,
  'storage-failed': STORAGE_WORDS['storage-failed'],
  'other-tab': SITE_WORDS['other-tab'],
  'faucet-refused': TRANSPORT_WORDS['faucet-refused'],
  'too-little-btt': CHAIN_WORDS['too-little-btt'],
  'too-little-trx': CHAIN_WORDS['too-little-trx'],
  'fees-too-high': CHAIN_WORDS['fees-too-high'],
  'redeem-too-little': CHAIN_WORDS['redeem-too-little'],
} as const satisfies Readonly<Record<string, Words>>

/** A state that `describeCode` has words for. */
export type StateCode = keyof typeof STATE_WORDS
