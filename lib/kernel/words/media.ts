/** Words for what goes wrong with playing. */
import type { MediaCode } from '../../base/index.ts'
import { NO_MONEY, type Words } from './words.ts'

export const MEDIA_WORDS: Readonly<Record<MediaCode, Words>> = {
  'no-worker': {
    title: 'This browser does not let the page stream.',
    money: NO_MONEY,
    action: 'Service workers are off here, as in some private windows. Open the page in a normal window.',
  },
}
