/** Words for what goes wrong with this browser’s storage. */
import type { PageStorageCode } from '../../base/index.ts'
import { NOTHING_SPENT, VOUCHERS_SAFE, type Words } from './words.ts'

export const STORAGE_WORDS: Readonly<Record<PageStorageCode, Words>> = {
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
  'ledger-newer': {
    title: 'A newer version of this page has been here.',
    money:
      'Its budgets and receipts are untouched: this version does not read them, so that nothing is lost.',
    action: 'Reload the page, without its cache if need be, to get the newer version again.',
  },
  'ledger-unreadable': {
    title: 'This browser does not let the page keep a ledger.',
    money: 'Nothing is lost: what is locked stands on the chain, and nothing is paid before it can be saved.',
    action:
      'Private windows and blocked site data forbid it. Open the page in a normal window, or allow it to keep data.',
  },
  'ledger-write': {
    title: 'A payment could not be saved, so it was not made.',
    money: 'Nothing was promised: vouchers are saved before they are sent.',
    action: 'Free some space on the disk, then resume paying.',
  },
  locked: {
    title: 'Another tab or program holds this torrent’s data.',
    money: VOUCHERS_SAFE,
    action: 'Close the other tabs of this site, then reload this one.',
  },
  quota: {
    title: 'This browser’s storage is full.',
    money: VOUCHERS_SAFE,
    action: 'Remove torrents that you no longer need, or free space on the disk, then resume.',
  },
  'read-failed': {
    title: 'A part of this torrent could not be read from this browser’s storage.',
    money: 'Pieces that were paid for are yours; the page fetches what is missing again.',
    action: 'Reload the page. If it happens again, remove the torrent and add it anew.',
  },
  'storage-failed': {
    title: 'This browser’s storage failed.',
    money: 'Nothing is promised that could not be saved first.',
    action: 'Free some space on the disk and reload the page.',
  },
}
