/** 0x06–0x08: the curve of EIP-196 and EIP-197, at Istanbul's prices. */
import { bn254 } from '@noble/curves/bn254.js'
import type { Precompile } from './precompile.ts'
import { bytesToWord, sliceFilled, wordToBytes } from './words.ts'

const PAIR_BYTES = 192
const ADD_ENERGY = 150n
const MULTIPLY_ENERGY = 6_000n
const PAIRING_ENERGY = 45_000n
const PAIR_ENERGY = 34_000n
/** What a node's time is taken to be: 0.4 ms for a multiplication, 5 ms for a pair. */
const MULTIPLY_STEPS = 5_000
const PAIR_STEPS = 60_000

const { G1, G2 } = bn254
const { Fp, Fp2, Fp12 } = bn254.fields
type G1Point = ReturnType<typeof readG1>
type G2Point = ReturnType<typeof readG2>

export const curvePrecompiles: readonly [bigint, Precompile][] = [
  [
    6n,
    {
      energyOf: () => ADD_ENERGY,
      run: timed(
        () => 0,
        (data) => writeG1(readG1(data, 0).add(readG1(data, 64))),
      ),
    },
  ],
  [
    7n,
    {
      energyOf: () => MULTIPLY_ENERGY,
      run: timed(
        () => MULTIPLY_STEPS,
        (data) => {
          const scalar = wordAt(data, 64) % bn254.fields.Fr.ORDER
          const point = readG1(data, 0)
          return writeG1(scalar === 0n ? G1.Point.ZERO : point.multiplyUnsafe(scalar))
        },
      ),
    },
  ],
  [
    8n,
    {
      energyOf: (data) => PAIRING_ENERGY + PAIR_ENERGY * BigInt(Math.floor(data.length / PAIR_BYTES)),
      run: timed(
        (data) => PAIR_STEPS * (data.length / PAIR_BYTES),
        (data) => (data.length % PAIR_BYTES > 0 ? null : wordToBytes(isPaired(data) ? 1n : 0n)),
      ),
    },
  ],
]

/** A point off the curve makes the contract fail. What comes too late need not be reckoned any more. */
function timed(
  stepsOf: (data: Uint8Array) => number,
  run: (data: Uint8Array) => Uint8Array | null,
): Precompile['run'] {
  return (data, { machine }) => {
    machine.spendTime(stepsOf(data))
    try {
      return machine.hasTime ? run(data) : null
    } catch {
      return null
    }
  }
}

function isPaired(data: Uint8Array): boolean {
  const pairs: { g1: G1Point; g2: G2Point }[] = []
  for (let offset = 0; offset < data.length; offset += PAIR_BYTES) {
    const pair = { g1: readG1(data, offset), g2: readG2(data, offset + 64) }
    // The point at infinity pairs to 1 with everything.
    if (!pair.g1.equals(G1.Point.ZERO) && !pair.g2.equals(G2.Point.ZERO)) pairs.push(pair)
  }
  return pairs.length === 0 || Fp12.eql(bn254.pairingBatch(pairs), Fp12.ONE)
}

function wordAt(data: Uint8Array, offset: number): bigint {
  return bytesToWord(sliceFilled(data, offset, 32))
}

function fieldAt(data: Uint8Array, offset: number): bigint {
  const word = wordAt(data, offset)
  if (word >= Fp.ORDER) throw new RangeError('not in the field')
  return word
}

function readG1(data: Uint8Array, offset: number) {
  const [x, y] = [fieldAt(data, offset), fieldAt(data, offset + 32)]
  if (x === 0n && y === 0n) return G1.Point.ZERO
  const point = G1.Point.fromAffine({ x, y })
  point.assertValidity()
  return point
}

/** The imaginary part of a coordinate comes first. */
function readG2(data: Uint8Array, offset: number) {
  const [xi, x, yi, y] = [0, 32, 64, 96].map((place) => fieldAt(data, offset + place)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ]
  if (xi === 0n && x === 0n && yi === 0n && y === 0n) return G2.Point.ZERO
  const point = G2.Point.fromAffine({
    x: Fp2.fromBigTuple([x, xi]),
    y: Fp2.fromBigTuple([y, yi]),
  })
  point.assertValidity()
  return point
}

function writeG1(point: G1Point): Uint8Array {
  const { x, y } = point.toAffine()
  const bytes = new Uint8Array(64)
  if (point.equals(G1.Point.ZERO)) return bytes
  bytes.set(wordToBytes(x))
  bytes.set(wordToBytes(y), 32)
  return bytes
}
