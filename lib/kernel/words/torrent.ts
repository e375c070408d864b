/** Words for what goes wrong with torrents, magnets and files. */
import type { TorrentCode } from '../../base/index.ts'
import { NO_MONEY, VOUCHERS_SAFE, type Words } from './words.ts'

export const TORRENT_WORDS: Readonly<Record<TorrentCode, Words>> = {
  'bad-magnet': {
    title: 'That magnet link has no readable info-hash.',
    money: NO_MONEY,
    action: 'Copy it again, whole: it must contain “xt=urn:btih:” and 40 hexadecimal digits.',
  },
  'bad-torrent': {
    title: 'That file is not a torrent, or it is damaged.',
    money: NO_MONEY,
    action: 'Download the .torrent file again, or use its magnet link.',
  },
  'cannot-seed': {
    title: 'These files cannot be made into a torrent.',
    money: NO_MONEY,
    action: 'A file may have moved or be unreadable. Drop them again.',
  },
  closed: {
    title: 'The torrent engine of this tab has ended.',
    money: VOUCHERS_SAFE,
    action: 'Reload the page: it goes on where it was.',
  },
  empty: {
    title: 'There is nothing to open.',
    money: NO_MONEY,
    action: 'Paste a magnet link, an info-hash or a link to a .torrent file.',
  },
  'empty-files': {
    title: 'There is nothing in these files.',
    money: NO_MONEY,
    action: 'Drop files that hold something.',
  },
  'link-unreachable': {
    title: 'The link could not be fetched.',
    money: NO_MONEY,
    action:
      'The site may be down or may not allow other pages to read it. Download the file and drop it here.',
  },
  'no-such-file': {
    title: 'The torrent holds no such file.',
    money: NO_MONEY,
    action: 'Choose a file from its list.',
  },
  'not-found': {
    title: 'That torrent is not in this browser’s list.',
    money: NO_MONEY,
    action: 'Open it again by its link.',
  },
  'not-ready': {
    title: 'The torrent’s contents are not known yet.',
    money: NO_MONEY,
    action: 'Wait until a peer sends them.',
  },
  'private-link': {
    title: 'That link leads into a private network.',
    money: NO_MONEY,
    action: 'This page does not follow links there. Download the .torrent file yourself and drop it here.',
  },
  removed: {
    title: 'The torrent was removed while it was being read.',
    money: VOUCHERS_SAFE,
    action: 'Open it again: what was paid stays in the receipts.',
  },
  'too-long': {
    title: 'That text is far too long for a link.',
    money: NO_MONEY,
    action: 'Paste one magnet link, info-hash or link.',
  },
  'torrent-failed': {
    title: 'This torrent stopped with an error.',
    money: VOUCHERS_SAFE,
    action: 'Remove it and add it again: pieces that were checked are asked for anew.',
  },
  'torrent-too-large': {
    title: 'That .torrent file is too large to be one.',
    money: NO_MONEY,
    action: 'Use the magnet link of the same torrent.',
  },
  unrecognised: {
    title: 'That is not a magnet link, an info-hash or a link to a torrent.',
    money: NO_MONEY,
    action: 'A magnet link begins with “magnet:?xt=urn:btih:”; an info-hash has 40 hexadecimal digits.',
  },
  'v2-only': {
    title: 'That torrent uses only version 2 of BitTorrent.',
    money: NO_MONEY,
    action: 'Piecemeal reads version 1 and hybrid torrents. Look for a version 1 link.',
  },
}
