/** The house's rooms and who may import whom (docs/ARCHITECTURE.md has the same graph). `npm run check:layers` runs it. */
const rooms = {
  base: [],
  units: ['base'],
  tron: ['units', 'base'],
  channels: ['tron', 'units', 'base'],
  config: ['tron', 'units', 'base'],
  wallet: ['tron', 'units', 'base'],
  torrent: ['units', 'base'],
  payments: ['channels', 'tron', 'units', 'base'],
  exchange: ['torrent', 'payments', 'channels', 'tron', 'units', 'base'],
  media: ['torrent', 'units', 'base'],
  node: ['config', 'units', 'base', 'tron', 'channels', 'wallet', 'torrent', 'payments', 'exchange', 'media'],
}

const roomRules = Object.entries(rooms).map(([room, allowed]) => ({
  name: `lib-${room}`,
  comment: `lib/${room} may import ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `(^|/)lib/${room}/` },
  to: { path: '(^|/)lib/', pathNot: [room, ...allowed].map((name) => `(^|/)lib/${name}/`) },
}))

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'lib-knows-no-ui',
      severity: 'error',
      from: { path: '(^|/)lib/' },
      to: {
        path: ['^(app|components|hooks|devnet|seeder|tracker)/', 'node_modules/(react|react-dom|next)/'],
      },
    },
    {
      name: 'programs-know-no-ui',
      severity: 'error',
      from: { path: '^(devnet|seeder|tracker)/' },
      to: { path: '^(app|components|hooks)/' },
    },
    {
      name: 'hooks-are-the-bridge',
      severity: 'error',
      from: { path: '^hooks/' },
      to: { path: '^(app|components)/' },
    },
    {
      name: 'components-take-types-of-lib',
      severity: 'error',
      from: { path: '^(components|app)/' },
      to: { path: '^lib/', pathNot: '^lib/(units|base)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: { pathNot: '^e2e/fixtures/' },
      to: { couldNotResolve: true, pathNot: '^(node:|webtorrent)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)(node_modules|out|\\.next)/', '\\.test\\.tsx?$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}
