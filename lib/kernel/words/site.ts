/** Words for what goes wrong with the page as such. */
import type { SiteCode } from '../../base/index.ts'
import { NO_MONEY, type Words } from './words.ts'

export const SITE_WORDS: Readonly<Record<SiteCode, Words>> = {
  'bad-config': {
    title: 'This site is not set up correctly.',
    money: NO_MONEY,
    action: 'Its operator has to correct config.json.',
  },
  'other-tab': {
    title: 'Piecemeal is open in another tab.',
    money: 'Only one tab can spend from your budget, so nothing is spent here.',
    action: 'Go on in the other tab, or close it: this one takes over by itself.',
  },
  'consent-needed': {
    title: 'You have not joined any swarm yet.',
    money: NO_MONEY,
    action: 'Open a torrent first and answer the question about sharing.',
  },
  'consent-declined': {
    title: 'You put the question about sharing off.',
    money: NO_MONEY,
    action: 'Open the torrent again when you want to answer it.',
  },
}
