/**
 * The house in one table: which room may import which. `.dependency-cruiser.mjs` makes its rules of it, docs/ARCHITECTURE.md draws it,
 * `npm run check:layers` holds it. What is not allowed here is forbidden.
 */

const GROUND = ['base', 'units', 'tron']

/** One room a contract: they never import each other. What two of them need stands in lib/tron. */
const CONTRACT_ROOMS = ['channels']

/** Rooms of `lib`, from the ground up, each with those that it may import. */
export const ROOMS = {
  base: [],
  units: ['base'],
  tron: ['base', 'units'],
  ...Object.fromEntries(CONTRACT_ROOMS.map((room) => [room, GROUND])),
  /** Knows addresses, which receipts name. */
  ledger: GROUND,
  config: GROUND,
  wallet: GROUND,
  torrent: ['base', 'units'],
  payments: [...GROUND, 'channels', 'ledger'],
  exchange: [...GROUND, 'channels', 'ledger', 'payments', 'torrent'],
  media: ['base', 'units', 'torrent'],
  kernel: [...GROUND, 'channels', 'ledger', 'config', 'wallet', 'torrent', 'payments', 'exchange', 'media'],
  /** Each folder in it is a room of its own: features never import each other. */
  features: [
    ...GROUND,
    'channels',
    'ledger',
    'config',
    'wallet',
    'torrent',
    'payments',
    'exchange',
    'media',
    'kernel',
  ],
  site: [...GROUND, 'config', 'kernel', 'features'],
}

/** What runs without a page, and what may never be in it. */
export const PROGRAMS = ['devnet', 'seeder', 'tracker', 'scripts', 'bench', 'contracts']
export const PAGE = ['app', 'components', 'hooks']
/** Features and what shows them are for pages. */
export const PAGE_ROOMS = ['kernel', 'features', 'site']

/**
 * Files that other rooms may import beside a room's `index.ts`: they load what a page must not (Node's modules), or are so small that a
 * page may load them before all else.
 */
export const FACES = [
  // Loads tronweb: the page imports it when money is wanted.
  'channels/connect-chain.ts',
  // Node only.
  'ledger/file.ts',
  'ledger/lock.ts',
  'payments/ledger-file.ts',
  'torrent/disk/index.ts',
  'wallet/keystore.ts',
  // A signer of a key at hand, for programs: not in the wallet's page chunk.
  'wallet/key-signer.ts',
  // What is rendered before anything is loaded.
  'kernel/framed.ts',
  'site/initial.ts',
  'features/[^/]+/initial.ts',
]
