/** Words for what goes wrong with servers that do not answer. */
import type { PageTransportCode } from '../../base/index.ts'
import { NO_MONEY, type Words } from './words.ts'

export const TRANSPORT_WORDS: Readonly<Record<PageTransportCode, Words>> = {
  'config-unreachable': {
    title: 'The site’s settings could not be loaded.',
    money: NO_MONEY,
    action: 'Check your connection and reload the page.',
  },
  'faucet-refused': {
    title: 'The faucet gave nothing this time.',
    money: NO_MONEY,
    action: 'It serves each address once a minute. Wait a little and try again.',
  },
  'faucet-unreachable': {
    title: 'The faucet does not answer.',
    money: NO_MONEY,
    action: 'Try again in a moment.',
  },
}
