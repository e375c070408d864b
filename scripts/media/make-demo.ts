/** `npm run make:media`: makes everything in public/demo/. Needs ffmpeg with libx264, libvpx-vp9, libopus, and DejaVu. */
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { EXTRAS, FILM, inDemoFolder } from './demo-files.ts'
import { ABOUT_THE_PICTURES, CAPTIONS } from './demo-words.ts'
import { FILM_FPS } from './film-poses.ts'
import { type FractalStudio, openStudio } from './fractal-studio.ts'
import { makeTorrent } from './make-torrent.ts'
import { runFfmpeg } from './run-ffmpeg.ts'
import { FILM_HEIGHT, FILM_SECONDS, FILM_WIDTH } from './second-colour.ts'
import { makeSoundtrack } from './soundtrack.ts'

/** Bits a second that make about 8 MB of the minute, sound included. */
const FILM_VIDEO_BITRATE = '930k'
const FILM_AUDIO_BITRATE = '96k'
const POSTER_SEC = 26.5
const POSTCARD_SEC = 19.5
const CLIP_FROM_SEC = 17
const CLIP_SECONDS = 5

const TO_YUV = 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p'
const TAG_BT709 = [
  '-colorspace',
  'bt709',
  '-color_primaries',
  'bt709',
  '-color_trc',
  'bt709',
  '-color_range',
  'tv',
]
const TIMECODE =
  "drawtext=font='DejaVu Sans':text='%{pts\\:gmtime\\:0\\:%M\\\\\\:%S}':x=112:y=45:fontsize=46:fontcolor=white"

const rawInput = (width: number, height: number): string[] => [
  '-f',
  'rawvideo',
  '-pixel_format',
  'rgb24',
  '-video_size',
  `${width}x${height}`,
  '-framerate',
  `${FILM_FPS}`,
  '-i',
  '-',
]

const framesFrom = (fromSec: number, seconds: number): number[] =>
  Array.from({ length: seconds * FILM_FPS }, (_, n) => fromSec + n / FILM_FPS)

async function makeFilm(studio: FractalStudio, soundPath: string): Promise<void> {
  const size = { width: FILM_WIDTH, height: FILM_HEIGHT }
  const shot = { positionsSec: framesFrom(0, FILM_SECONDS), size, marks: true }
  await runFfmpeg(
    [
      ...rawInput(FILM_WIDTH, FILM_HEIGHT),
      ...['-i', soundPath, '-vf', `${TIMECODE},${TO_YUV}`, ...TAG_BT709],
      ...['-c:v', 'libx264', '-preset', 'slow', '-profile:v', 'high', '-b:v', FILM_VIDEO_BITRATE],
      ...['-maxrate', '2200k', '-bufsize', '4400k', '-g', `${FILM_FPS * 2}`, '-keyint_min', `${FILM_FPS}`],
      ...['-c:a', 'aac', '-b:a', FILM_AUDIO_BITRATE, '-t', `${FILM_SECONDS}`, '-movflags', '+faststart'],
      ...['-map_metadata', '-1', '-metadata', `title=${FILM.title}`, '-metadata:s:a:0', 'language=zxx'],
      inDemoFolder(FILM.name),
    ],
    studio.shoot(shot),
  )
}

async function makeStill(
  studio: FractalStudio,
  positionSec: number,
  width: number,
  path: string,
): Promise<void> {
  const height = (width * FILM_HEIGHT) / FILM_WIDTH
  const shot = { positionsSec: [positionSec], size: { width, height }, marks: false }
  const args = [...rawInput(width, height), '-frames:v', '1', '-update', '1', '-q:v', '8', path]
  await runFfmpeg(args, studio.shoot(shot))
}

async function makeClip(studio: FractalStudio, soundPath: string, path: string): Promise<void> {
  const size = { width: 640, height: 360 }
  const shot = { positionsSec: framesFrom(CLIP_FROM_SEC, CLIP_SECONDS), size, marks: false }
  await runFfmpeg(
    [
      ...rawInput(size.width, size.height),
      ...['-ss', `${CLIP_FROM_SEC}`, '-t', `${CLIP_SECONDS}`, '-i', soundPath],
      ...['-vf', TO_YUV, ...TAG_BT709, '-af', `afade=t=out:st=${CLIP_SECONDS - 0.6}:d=0.6`],
      ...['-c:v', 'libvpx-vp9', '-b:v', '620k', '-g', `${FILM_FPS * 2}`, '-row-mt', '1', '-cpu-used', '2'],
      ...['-c:a', 'libopus', '-b:a', '64k', '-map_metadata', '-1', path],
    ],
    studio.shoot(shot),
  )
}

function writeTorrents(): void {
  const demos = [FILM, EXTRAS].map((torrent) => {
    const { bytes, infoHash } = makeTorrent(torrent)
    writeFileSync(inDemoFolder(torrent.torrentFile), bytes)
    const toUrl = (path: string | null): string | null => (path === null ? null : `/demo/${path}`)
    return {
      title: torrent.title,
      torrentUrl: toUrl(torrent.torrentFile),
      infoHash,
      posterUrl: toUrl(torrent.poster),
      captionsUrl: toUrl(torrent.captions),
    }
  })
  writeFileSync(inDemoFolder('demos.json'), `${JSON.stringify(demos, null, 2)}\n`)
}

const scratch = mkdtempSync(join(tmpdir(), 'piecemeal-media-'))
try {
  const [textPath = '', imagePath = '', clipPath = ''] = EXTRAS.paths.map(inDemoFolder)
  mkdirSync(dirname(textPath), { recursive: true })
  const soundPath = join(scratch, 'sound.wav')
  writeFileSync(soundPath, makeSoundtrack())
  process.stdout.write('computing the fractal …\n')
  const studio = await openStudio()
  try {
    process.stdout.write('filming …\n')
    await makeFilm(studio, soundPath)
    await makeStill(studio, POSTER_SEC, 1280, inDemoFolder('poster.jpg'))
    await makeStill(studio, POSTCARD_SEC, 960, imagePath)
    await makeClip(studio, soundPath, clipPath)
  } finally {
    await studio.close()
  }
  writeFileSync(textPath, ABOUT_THE_PICTURES)
  writeFileSync(inDemoFolder('film.en.vtt'), CAPTIONS)
  writeTorrents()
  for (const path of [...FILM.paths, 'poster.jpg', ...EXTRAS.paths]) {
    process.stdout.write(`${path}: ${statSync(inDemoFolder(path)).size} bytes\n`)
  }
} finally {
  rmSync(scratch, { recursive: true, force: true })
}
