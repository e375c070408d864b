/** Words for what goes wrong with budgets and channels. */
import type { BugCode, PageChannelCode } from '../../base/index.ts'
import { NOTHING_SPENT, VOUCHERS_SAFE, type Words } from './words.ts'

export const CHANNEL_WORDS: Readonly<Record<Exclude<PageChannelCode, BugCode>, Words>> = {
  'bad-budget': {
    title: 'That budget cannot be used.',
    money: NOTHING_SPENT,
    action: 'Choose an amount above 0 and a price that one piece fits into.',
    showsMessage: true,
  },
  'bad-note': {
    title: 'The chain’s record of this channel does not list its seats.',
    money: 'What is locked stays yours, and this browser’s own record can settle it.',
    action: 'Settle from the browser that opened it, and please tell us.',
  },
  'bad-recovery-file': {
    title: 'This recovery file cannot be used.',
    money: 'Nothing is lost by that: the coins stand in the contract.',
    action: 'Choose the file that this page saved for this network.',
    showsMessage: true,
  },
  'no-budget': {
    title: 'There is no budget to pay from.',
    money: NOTHING_SPENT,
    action: 'Choose “Pay for speed” to set one.',
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
}
