/** The words of the demo: captions of the film and the text of the second torrent. */

/** WebVTT, English. */
export const CAPTIONS = `WEBVTT

NOTE Captions of the demo film. Soft chords and a tick each second run throughout.

00:00:00.500 --> 00:00:04.500
[Soft chords. A quiet tick marks each second.]

00:00:04.800 --> 00:00:08.800
This is the edge of the Mandelbrot set, and we are falling towards it.

00:00:09.000 --> 00:00:12.800
Between its two largest discs lies a cleft that is called Seahorse Valley.

00:00:13.000 --> 00:00:17.000
One seahorse's tail curls up from below.

00:00:17.300 --> 00:00:21.800
The film comes to you in pieces of 128 KiB, each checked against its hash before it plays.

00:00:22.000 --> 00:00:26.400
The map of pieces shows which of them have arrived.

00:00:26.700 --> 00:00:31.400
They come straight from other people, and each piece can come from somebody else.

00:00:31.700 --> 00:00:36.200
Whoever pays for speed pays for each piece only once it has arrived and its hash is right.

00:00:36.500 --> 00:00:40.500
Now look at the middle, where four arms meet.

00:00:40.800 --> 00:00:45.600
The coloured square changes each second. Jump ahead, and it tells you where you landed.

00:00:46.000 --> 00:00:50.000
Something dark grows at the crossing.

00:00:50.300 --> 00:00:55.000
It is the whole set again, almost half a million times smaller.

00:00:55.300 --> 00:00:59.600
A small piece holds the shape of the whole. [The chords fade.]
`

/** The text file of the second torrent. */
export const ABOUT_THE_PICTURES = `FRACTAL POSTCARDS

Three small files in one torrent, to try Piecemeal on something that is not a film:

  about-the-pictures.txt   this text
  seahorse-tail.png        a picture: a spiral in Seahorse Valley
  seahorse-tail.webm       five seconds of the zoom (VP9 and Opus)

How they were made

Take a point c of the plane, begin with z = 0, and replace z by z*z + c again and
again. For some points z stays near zero for ever: they are the Mandelbrot set,
painted in night blue. For the others z runs away, and how soon it does chooses the
colour. The relief is lit from the side; the shadows gather where the edge is near.

The zoom goes to c = -0.743643887037151 + 0.13182590420533 i.

Every frame is drawn from a single long picture, in which a column is a direction
and a row a power of the distance to that point. So zooming in is nothing but
sliding down the picture, and each point was computed once for the whole film.

The programs that made these files are in scripts/media of the project. The files
and the programs are under the project's licence; pass them on as you like.
`
