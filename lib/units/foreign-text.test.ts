import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isolateText, showHidden, toFileName } from './foreign-text.ts'

/** Bidi_Control of PropList.txt, and what else turns, hides or breaks. */
const BIDI = '\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069'
const INVISIBLE =
  '\u00ad\u034f\u115f\u180e\u200b\u2060\u2061\u2064\u206a\u3164\ufeff\uffa0\ufff9\u{e0001}\u{e0041}'
const BREAKS = '\u0000\u0007\b\t\n\u000b\f\r\u001b\u007f\u0080\u0085\u009b\u2028\u2029'

describe('showHidden', () => {
  it.each([...BIDI, ...INVISIBLE, ...BREAKS, '\u200c', '\u200d', '\ufe0f', '\ud800', '\udfff'])(
    'shows %j between letters',
    (sign) => {
      const shown = showHidden(`a${sign}b`)
      expect(shown).toMatch(/^a(\[U\+[0-9A-F]{4,6}\]|[\u2400-\u2421])b$/u)
    },
  )

  it('says which sign it is', () => {
    expect(showHidden('film\u202e4pm.exe')).toBe('film[U+202E]4pm.exe')
    expect(showHidden('one\ntwo\u007f')).toBe('one␊two␡')
    expect(showHidden('tag\u{e0041}')).toBe('tag[U+E0041]')
  })

  it.each([
    'שלום.mp4',
    'فیلم‌های من',
    'क्‍ष',
    '👨‍👩‍👧‍👦 👍🏽 ❤️ 1️⃣ 🏳️‍🌈 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🇺🇦',
    'é ё 한국어 日本語 葛󠄀',
    'a [U+202E] b',
  ])('leaves %j as it is', (text) => {
    expect(showHidden(text)).toBe(text)
  })

  it('leaves nothing that turns or breaks a line, and changes nothing the second time', () => {
    const sign = fc.constantFrom(
      ...BIDI,
      ...INVISIBLE,
      ...BREAKS,
      '\u200c',
      '\u200d',
      '\ufe0f',
      '\u{1f3f4}',
      'ب',
      '❤',
      'a',
      '1',
    )
    const texts = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(sign).map((signs) => signs.join('')),
    )
    fc.assert(
      fc.property(texts, (text) => {
        const shown = showHidden(text)
        expect(shown).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
        expect(showHidden(shown)).toBe(shown)
      }),
      { numRuns: 2_000 },
    )
  })
})

test('closes a text off, so that it cannot leave by a sign of its own', () => {
  expect(isolateText('a\u2069b')).toBe('\u2068a[U+2069]b\u2069')
})

describe('toFileName', () => {
  it.each([
    ['film.mp4', 'film.mp4'],
    ['../../etc/passwd', '_/../etc/passwd'.replaceAll('/', '_')],
    ['film\u202e4pm.exe', 'film_4pm.exe'],
    ['a\nb.txt', 'a_b.txt'],
    ['.bashrc', '_bashrc'],
    ['name. ', 'name'],
    ['CON.torrent', 'CON_.torrent'],
    ['com1', 'com1_'],
    ['What is this?.mp4', 'What is this_.mp4'],
    ['', 'file'],
    ['...', '_'],
  ])('saves %j as %j', (name, saved) => {
    expect(toFileName(name)).toBe(saved)
  })

  it('cuts a long name between letters and keeps its extension', () => {
    expect(toFileName(`${'x'.repeat(365)}.torrent`)).toBe(`${'x'.repeat(192)}.torrent`)
    const cut = toFileName(`${'漢'.repeat(100)}👨‍👩‍👧‍👦.mp4`)
    expect(cut).toMatch(/^漢+\.mp4$/)
    expect(toFileName(`${'a'.repeat(190)}👨‍👩‍👧‍👦.mp4`)).toBe(`${'a'.repeat(190)}.mp4`)
  })

  it('makes one part of a path out of anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const name = toFileName(text)
        expect(name).not.toMatch(/[<>:"/\\|?*\p{Cc}\p{Cs}\p{Bidi_Control}]|^\.|[. ]$|^$/u)
        expect(new TextEncoder().encode(name).length).toBeLessThanOrEqual(200)
      }),
    )
  })
})
