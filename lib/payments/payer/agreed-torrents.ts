/**
 * Which torrents a budget is for, by its owner's word. Exactly one answer a torrent; without one nothing is paid for it, so
 * that whoever steers the page to another torrent (a link, an opener, the address bar) steers no money.
 */

/** 'free' was asked and declined: it is not asked again while this budget lasts. */
export type TorrentAnswer = 'pay' | 'free'

/** By info-hash, 40 lower-case hex digits. */
export type AgreedTorrents = Readonly<Record<string, TorrentAnswer>>

/** The answers with these torrents agreed to. Throws RangeError on what is no info-hash. */
export function agreeTo(answers: AgreedTorrents, infoHashes: readonly string[]): AgreedTorrents {
  return infoHashes.reduce((all, infoHash) => answerFor(all, infoHash, 'pay'), answers)
}

/**
 * The answers with one more. What was agreed to stays so while the budget lasts, since pieces of it may be under way:
 * stopping or settling ends it. Throws RangeError on what is no info-hash.
 */
export function answerFor(answers: AgreedTorrents, infoHash: string, answer: TorrentAnswer): AgreedTorrents {
  if (!/^[0-9a-f]{40}$/.test(infoHash)) throw new RangeError(`${infoHash} is no info-hash`)
  if (answers[infoHash] === 'pay' || answers[infoHash] === answer) return answers
  return { ...answers, [infoHash]: answer }
}

export function isAgreedTo(answers: AgreedTorrents, infoHash: string): boolean {
  return answers[infoHash] === 'pay'
}
