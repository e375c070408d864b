/** What public/demo/ holds, and the words that go with it. Both torrents keep their data beside each other there. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Folder of the demo's media. */
export const DEMO_FOLDER = fileURLToPath(new URL('../../public/demo', import.meta.url))

/** A demo torrent: its .torrent file, its name inside, and its files. A single file has the torrent's name as path. */
export interface DemoTorrent {
  readonly torrentFile: string
  readonly name: string
  readonly title: string
  readonly pieceLengthBytes: number
  /** Paths below DEMO_FOLDER, in the order of the torrent. */
  readonly paths: readonly string[]
  readonly poster: string | null
  readonly captions: string | null
}

const POSTCARDS = 'fractal-postcards'

export const FILM: DemoTorrent = {
  torrentFile: 'film.torrent',
  name: 'seahorse-valley.mp4',
  title: 'Seahorse Valley: a minute of the Mandelbrot set',
  pieceLengthBytes: 131_072,
  paths: ['seahorse-valley.mp4'],
  poster: 'poster.jpg',
  captions: 'film.en.vtt',
}

export const EXTRAS: DemoTorrent = {
  torrentFile: 'extras.torrent',
  name: POSTCARDS,
  title: 'Fractal postcards: a picture, a text, a short clip',
  pieceLengthBytes: 32_768,
  paths: [
    `${POSTCARDS}/about-the-pictures.txt`,
    `${POSTCARDS}/seahorse-tail.png`,
    `${POSTCARDS}/seahorse-tail.webm`,
  ],
  poster: null,
  captions: null,
}

/** Absolute path of a file of the demo. */
export const inDemoFolder = (path: string): string => join(DEMO_FOLDER, path)
