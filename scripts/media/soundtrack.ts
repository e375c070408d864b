/** The film's sound: slow chords, a few bells, a soft tick each second. Made from sines, the same bytes each time. */
import { FILM_SECONDS } from './second-colour.ts'

const SAMPLE_RATE = 48_000
const CHORD_SECONDS = 7.5
const TAU = 2 * Math.PI

/** Chords as semitones above A2 (110 Hz): Am9, Fmaj9, Cmaj9, G6, and back over Dm9 and Em7. */
const CHORDS: readonly (readonly number[])[] = [
  [0, 7, 12, 15, 19, 23],
  [-4, 3, 12, 15, 19, 20],
  [3, 10, 14, 19, 22, 26],
  [-2, 5, 14, 17, 19, 22],
  [5, 8, 12, 17, 20, 24],
  [-4, 3, 12, 15, 19, 24],
  [-5, 2, 10, 14, 17, 22],
  [0, 7, 12, 16, 19, 24],
]
/** Beats between bells, in seconds, and which chord note each plays, two octaves up. */
const BELL_EVERY_SEC = 1.25
const BELL_NOTES = [2, 4, 3, 5, 4, 2]

const toHertz = (semitones: number): number => 110 * 2 ** (semitones / 12)

/** Left and right, samples -1…1. */
interface Track {
  readonly left: Float32Array
  readonly right: Float32Array
}

function addPad(track: Track): void {
  CHORDS.forEach((chord, n) => {
    const startSec = n * CHORD_SECONDS - 1.5
    const lengthSec = CHORD_SECONDS + 3
    const first = Math.max(0, Math.round(startSec * SAMPLE_RATE))
    const last = Math.min(track.left.length, Math.round((startSec + lengthSec) * SAMPLE_RATE))
    chord.forEach((semitones, voice) => {
      const hertz = toHertz(semitones)
      const pan = 0.5 + 0.35 * Math.sin(voice * 2.1 + n)
      for (let at = first; at < last; at++) {
        const sec = at / SAMPLE_RATE
        const envelope = Math.sin((Math.PI * (sec - startSec)) / lengthSec) ** 1.5
        const breath = 1 + 0.18 * Math.sin(TAU * 0.13 * sec + voice)
        const tone =
          Math.sin(TAU * hertz * sec) +
          0.5 * Math.sin(TAU * hertz * 1.003 * sec + voice) +
          0.16 * Math.sin(TAU * hertz * 2 * sec) +
          0.05 * Math.sin(TAU * hertz * 3 * sec)
        const value = 0.05 * envelope * breath * tone
        track.left[at]! += value * (1 - pan)
        track.right[at]! += value * pan
      }
    })
  })
}

function addNote(
  track: Track,
  startSec: number,
  hertz: number,
  gain: number,
  decaySec: number,
  pan: number,
): void {
  const first = Math.round(startSec * SAMPLE_RATE)
  const last = Math.min(track.left.length, first + Math.round(decaySec * 6 * SAMPLE_RATE))
  for (let at = first; at < last; at++) {
    const sec = (at - first) / SAMPLE_RATE
    const attack = Math.min(1, sec / 0.006)
    const tone =
      Math.sin(TAU * hertz * sec) + 0.28 * Math.sin(TAU * hertz * 2.76 * sec) * Math.exp(-sec / 0.09)
    const value = gain * attack * Math.exp(-sec / decaySec) * tone
    track.left[at]! += value * (1 - pan)
    track.right[at]! += value * pan
  }
}

function addBells(track: Track): void {
  for (let n = 3; n * BELL_EVERY_SEC < FILM_SECONDS - 2; n++) {
    if (n % 8 === 7) continue
    const startSec = n * BELL_EVERY_SEC
    const chord = CHORDS[Math.min(CHORDS.length - 1, Math.floor(startSec / CHORD_SECONDS))]!
    const semitones = chord[BELL_NOTES[n % BELL_NOTES.length]!]!
    addNote(track, startSec, toHertz(semitones + 24), 0.035, 0.7, n % 2 ? 0.3 : 0.7)
  }
}

function addTicks(track: Track): void {
  for (let second = 0; second < FILM_SECONDS; second++) {
    addNote(track, second, second % 10 === 0 ? 1320 : 990, 0.03, 0.012, 0.5)
  }
}

/** A soft room: four feedback delays a side, of lengths without a common factor. */
function addRoom(samples: Float32Array, delaysSec: readonly number[]): Float32Array {
  const wet = Float32Array.from(samples)
  for (const delaySec of delaysSec) {
    const delay = Math.round(delaySec * SAMPLE_RATE)
    const line = new Float32Array(samples.length)
    for (let at = 0; at < samples.length; at++) {
      line[at] = samples[at]! + (at >= delay ? 0.72 * line[at - delay]! : 0)
      wet[at]! += at >= delay ? 0.09 * line[at - delay]! : 0
    }
  }
  return wet
}

/** The whole track as a 16-bit stereo WAV file. */
export function makeSoundtrack(): Uint8Array {
  const length = FILM_SECONDS * SAMPLE_RATE
  const dry: Track = { left: new Float32Array(length), right: new Float32Array(length) }
  addPad(dry)
  addBells(dry)
  addTicks(dry)
  const left = addRoom(dry.left, [0.0613, 0.0757, 0.0891, 0.1037])
  const right = addRoom(dry.right, [0.0641, 0.0733, 0.0917, 0.1009])
  const peak = left.reduce((most, value, at) => Math.max(most, Math.abs(value), Math.abs(right[at]!)), 0)
  const file = Buffer.alloc(44 + length * 4)
  file.write('RIFF', 0)
  file.writeUInt32LE(36 + length * 4, 4)
  file.write('WAVEfmt ', 8)
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(1, 20)
  file.writeUInt16LE(2, 22)
  file.writeUInt32LE(SAMPLE_RATE, 24)
  file.writeUInt32LE(SAMPLE_RATE * 4, 28)
  file.writeUInt16LE(4, 32)
  file.writeUInt16LE(16, 34)
  file.write('data', 36)
  file.writeUInt32LE(length * 4, 40)
  for (let at = 0; at < length; at++) {
    const sec = at / SAMPLE_RATE
    const fade = Math.min(1, sec / 0.4, (FILM_SECONDS - sec) / 3)
    const gain = (0.7 * fade * 32_767) / peak
    file.writeInt16LE(Math.round(left[at]! * gain), 44 + at * 4)
    file.writeInt16LE(Math.round(right[at]! * gain), 46 + at * 4)
  }
  return file
}
