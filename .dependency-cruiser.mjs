/** Rules made of the table in scripts/check/rooms.mjs. `npm run check:layers` runs them, and bad fixtures against them. */
import { FACES, PAGE, PAGE_ROOMS, PROGRAMS, ROOMS } from './scripts/check/rooms.mjs'

/** The tree, or the fixtures' own small one. */
const TOP = '^(?:e2e/fixtures/layer-violation/)?'
const lib = (rooms) => `${TOP}lib/(?:${rooms.join('|')})/`
const escapeDots = (path) => path.replaceAll('.', '\\.')
/** Tests and what only tests: the chaos run and the benches drive rooms from inside. */
const TEST_CODE = ['/testing/', '^e2e/(?!fixtures/layer-violation/)', '^bench/', '^scripts/chaos/']

const roomRules = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `lib-${room}`,
  comment: `lib/${room} may import ${allowed.join(', ') || 'nothing of ours'}`,
  severity: 'error',
  from: { path: `${TOP}lib/${room}/` },
  to: { path: `${TOP}lib/`, pathNot: lib([room, ...allowed]) },
}))

export default {
  forbidden: [
    ...roomRules,
    {
      name: 'features-apart',
      comment: 'a feature never imports another',
      severity: 'error',
      from: { path: `${TOP}lib/features/([^/]+)/` },
      to: { path: `${TOP}lib/features/`, pathNot: `${TOP}lib/features/$1/` },
    },
    {
      name: 'public-faces',
      comment: 'between rooms only index.ts is imported, or a face that the table names',
      severity: 'error',
      from: { path: `${TOP}lib/([^/]+)/`, pathNot: '/testing/' },
      to: {
        path: `${TOP}lib/`,
        pathNot: [`${TOP}lib/$1/`, ...faces()],
      },
    },
    {
      name: 'public-faces-outside',
      comment: 'programs, pages and components import a room by its faces',
      severity: 'error',
      from: { pathNot: [`${TOP}lib/`, ...TEST_CODE] },
      to: { path: `${TOP}lib/`, pathNot: faces() },
    },
    {
      name: 'no-test-code',
      comment: 'what is in testing/ is for tests alone',
      severity: 'error',
      from: { pathNot: TEST_CODE },
      to: { path: '/testing/' },
    },
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'lib-knows-no-ui',
      severity: 'error',
      from: { path: `${TOP}lib/` },
      to: {
        path: [`${TOP}(${[...PAGE, ...PROGRAMS].join('|')})/`, 'node_modules/(react|react-dom|next)/'],
        pathNot: '^contracts/artifacts/',
      },
    },
    {
      name: 'programs-know-no-page',
      severity: 'error',
      from: { path: `${TOP}(${PROGRAMS.join('|')})/` },
      to: { path: [`${TOP}(${PAGE.join('|')})/`, lib(PAGE_ROOMS)] },
    },
    {
      name: 'hooks-are-the-bridge',
      severity: 'error',
      from: { path: `${TOP}hooks/` },
      to: { path: `${TOP}(app|components)/` },
    },
    {
      name: 'components-take-types-of-lib',
      severity: 'error',
      from: { path: `${TOP}(components|app)/` },
      to: { path: `${TOP}lib/`, pathNot: lib(['units', 'base']), dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolved',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(node:|webtorrent)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['(^|/)(node_modules|out|\\.next)/', '\\.(test|spec)\\.tsx?$'] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
      mainFields: ['module', 'main', 'types'],
    },
  },
}

function faces() {
  const index = `${TOP}lib/(features/[^/]+|[^/]+)/index\\.ts$`
  return [index, ...FACES.map((face) => `${TOP}lib/${escapeDots(face)}$`)]
}
