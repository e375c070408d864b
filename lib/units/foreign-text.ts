/**
 * Text that a stranger wrote: names of torrents and files, memos, words of peers, trackers and nodes. Invariant: signs that
 * turn, hide or break text are shown by their number and never acted on, so "film\u202e4pm.exe" cannot pass for a film.
 * What people need to write their languages and emoji stays as it is.
 */

/** Invisible signs where they belong, each of which would be shown elsewhere. */
const WELCOME = [
  // Emoji: how it looks, its skin, one joined out of several, flags of regions.
  String.raw`[0-9#*]\uFE0F\u20E3|EMOJI(?:\p{Emoji_Modifier}|[\uFE0E\uFE0F])?(?:\u200DEMOJI(?:\p{Emoji_Modifier}|\uFE0F)?)*`,
  // Joining and not joining, in the scripts that write it: never between letters of those that do not.
  String.raw`LETTER[\u200C\u200D](?=LETTER)`,
  // Forms of an ideograph, and of a Mongolian letter.
  String.raw`\p{Script=Han}[\u{E0100}-\u{E01EF}\uFE00-\uFE0F]`,
  String.raw`\p{Script=Mongolian}[\u180B-\u180D\u180F]`,
]
const EMOJI = String.raw`(?![0-9#*])\p{Emoji}`
const LETTER = String.raw`(?!HIDDEN)(?![\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}])[\p{L}\p{M}]`
const REGION_FLAG = String.raw`\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{3,6}\u{E007F}`
/** Controls, halves of letters, line breaks, direction, whatever a font draws as nothing, and annotations. */
const HIDDEN = String.raw`[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u{FFF9}-\u{FFFB}]`

const ANY_HIDDEN = new RegExp(HIDDEN, 'u')
const PARTS = new RegExp(
  `(${[REGION_FLAG, ...WELCOME].join('|').replaceAll('EMOJI', EMOJI).replaceAll('LETTER', LETTER).replaceAll('HIDDEN', HIDDEN)})|${HIDDEN}`,
  'gu',
)

function mark(sign: string): string {
  const code = sign.codePointAt(0) ?? 0
  if (code < 0x20) return String.fromCodePoint(0x2400 + code)
  if (code === 0x7f) return '\u2421'
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`
}

/** Characters of a tip's memo. */
export const MAX_MEMO_LENGTH = 200

/** The text with every hidden sign shown: a control as its picture ("␊"), others as "[U+202E]". Twice changes nothing more. */
export function showHidden(text: string): string {
  // Nearly every name is plain.
  if (!ANY_HIDDEN.test(text)) return text
  return text.replace(PARTS, (part, welcome: string | undefined) => welcome ?? mark(part))
}

/**
 * As `showHidden`, closed off so that its direction turns nothing beside it (UAX #9, FSI and PDI): for sentences and
 * attributes. In the page's own markup `ForeignText` does it.
 */
export function isolateText(text: string): string {
  return `\u2068${showHidden(text)}\u2069`
}

/** Windows' devices, which no file may be named after, with any extension. */
const DEVICE = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i
/** Every file system takes as many, and a browser's " (2)" besides. */
const MAX_FILE_NAME_BYTES = 200
const MAX_EXTENSION_CHARS = 12

const utf8 = new TextEncoder()

/**
 * A name under which a file may be saved on every system: no folders, no hidden signs, neither a device nor a dot file, short
 * enough, its extension kept.
 */
export function toFileName(text: string): string {
  const bare = showHidden(text)
    .replace(/\[U\+[0-9A-F]{4,6}\]|[\u2400-\u2421<>:"/\\|?*]/g, '_')
    .replace(/^[.\s]+/, '_')
    .replace(/[.\s]+$/, '')
  const safe = bare.replace(DEVICE, (name) => `${name}_`) || 'file'
  if (utf8.encode(safe).length <= MAX_FILE_NAME_BYTES) return safe
  const dot = safe.lastIndexOf('.')
  const extension = dot > 0 && safe.length - dot <= MAX_EXTENSION_CHARS ? safe.slice(dot) : ''
  let stem = ''
  let room = MAX_FILE_NAME_BYTES - utf8.encode(extension).length
  for (const { segment } of new Intl.Segmenter().segment(safe.slice(0, safe.length - extension.length))) {
    room -= utf8.encode(segment).length
    if (room < 0) break
    stem += segment
  }
  return (stem.replace(/[.\s]+$/, '') || 'file') + extension
}
