/**
 * The rooms of docs/adr/0021-rooms-and-doors.md as rules: imports point downward only.
 * `npm run check:architecture` applies them, `test/integration/architecture.spec.ts` proves that each one fires.
 *
 * @import { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser'
 */

/** The composition root is the files directly below src: the only place that may know every room. */
const ROOT = '^src/[^/]+\\.ts$';
/** What a browser loads by its address, so that no module of ours imports it. */
const PAGES = '^src/api/public/welcome/page/';
const SPEC = '\\.spec\\.ts$';
const PACKAGES = '(^|/)node_modules/';
const PURE = ['[.-](policy|machine)\\.ts$', '^src/ledger/merkle/'];

/**
 * A room may import itself and what is listed here; nothing else of ours.
 * `edge` rooms are held further apart by the rules below.
 *
 * @type {Record<string, readonly string[]>}
 */
const ROOMS = {
  kernel: [],
  platform: ['kernel/'],
  sealing: ['kernel/', 'platform/'],
  ledger: ['kernel/', 'platform/'],
  disclosure: ['sealing/', 'ledger/', 'platform/', 'kernel/'],
  modules: ['disclosure/', 'sealing/', 'ledger/', 'platform/', 'kernel/'],
  // The audit edge reads the ledger itself, and purposes and release tables are part of the contract.
  api: ['modules/', 'disclosure/', 'ledger/', 'platform/', 'kernel/'],
  // The command line opens the same rooms as the processes; it also creates keys and verifies the ledger.
  cli: ['version\\.ts$', 'rooms\\.module\\.ts$', 'modules/', 'sealing/', 'ledger/', 'platform/', 'kernel/'],
};

/** @type {IForbiddenRuleType[]} */
const rooms = Object.entries(ROOMS).map(([room, allowed]) => ({
  name: `${room}-looks-down-only`,
  comment:
    allowed.length === 0
      ? `src/${room} imports nothing else of ours.`
      : `src/${room} imports only ${allowed.join(', ').replaceAll(/[\\$]/g, '')}.`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: {
    path: '^(src|migrations|tools|bench)/',
    pathNot: [room + '/', ...allowed].map((folder) => `^src/${folder}`),
  },
}));

/** @type {IForbiddenRuleType[]} */
const doors = [
  {
    name: 'door-of-the-pillars',
    comment: 'sealing, ledger and disclosure are reached through their index.ts.',
    severity: 'error',
    from: { path: '^src/([^/]+)/', pathNot: '^src/(kernel|platform)/' },
    to: {
      path: '^src/(sealing|ledger|disclosure)/',
      pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$', '^src/sealing/opening[./]'],
    },
  },
  {
    name: 'opening-is-for-disclosure',
    comment: 'Personal data leaves through one door: only src/disclosure opens sealed fields.',
    severity: 'error',
    from: {
      path: '^(src|migrations)/',
      pathNot: [
        '^src/disclosure/(?!index\\.ts)',
        '^src/sealing/(opening[./]|sealing\\.module\\.ts$|.*\\.spec\\.ts$)',
      ],
    },
    to: { path: '^src/sealing/opening[./]' },
  },
  {
    name: 'door-of-a-module',
    comment: 'Another module is reached through its index.ts.',
    severity: 'error',
    from: { path: '^src/modules/([^/]+)/' },
    to: { path: '^src/modules/', pathNot: ['^src/modules/$1/', '^src/modules/[^/]+/index\\.ts$'] },
  },
  {
    name: 'door-of-modules-for-edges',
    comment: 'The API and the command line reach a module through its index.ts.',
    severity: 'error',
    from: { path: '^src/(api|cli)/' },
    to: { path: '^src/modules/', pathNot: '^src/modules/[^/]+/index\\.ts$' },
  },
  {
    name: 'persistence-is-private',
    comment: 'Entities and queries stay inside their module, whose index.ts does not hand them on.',
    severity: 'error',
    from: { path: ['^src/modules/([^/]+)/index\\.ts$', '^src/(?!modules/)', '^migrations/'] },
    to: { path: '^src/modules/[^/]+/persistence/' },
  },
  {
    name: 'no-circle-of-modules',
    comment: 'Modules never import each other in a circle, however many files it leads through.',
    severity: 'error',
    scope: 'folder',
    from: { path: '^src/modules/[^/]+$' },
    to: { circular: true, via: { path: '^src/modules/[^/]+$' } },
  },
  {
    name: 'audiences-never-meet',
    comment: 'Edges of different audiences do not import each other.',
    severity: 'error',
    from: { path: '^src/api/([^/]+)/' },
    to: { path: '^src/api/', pathNot: '^src/api/$1/' },
  },
  {
    name: 'edges-have-no-database',
    comment: 'Controllers route, authorise, validate and call once; rows belong to modules.',
    severity: 'error',
    from: { path: '^src/api/' },
    to: { path: ['^src/platform/database/', `${PACKAGES}(typeorm|@nestjs/typeorm|pg|pg-boss)/`] },
  },
];

/** @type {IForbiddenRuleType[]} */
const purity = [
  {
    name: 'kernel-knows-no-framework',
    comment: 'The kernel is plain TypeScript; `uuid` is all it needs.',
    severity: 'error',
    from: { path: '^src/kernel/', pathNot: SPEC },
    to: { path: PACKAGES, pathNot: `${PACKAGES}(@types/)?uuid/` },
  },
  {
    name: 'rules-are-pure',
    comment: 'Policies, state machines and the Merkle tree are pure: no package, no I/O of ours.',
    severity: 'error',
    from: { path: PURE, pathNot: SPEC },
    to: { path: PACKAGES },
  },
  {
    name: 'rules-are-pure-of-platform',
    comment: 'Policies, state machines and the Merkle tree know no platform.',
    severity: 'error',
    from: { path: PURE, pathNot: SPEC },
    to: { path: ['^src/platform/', '/persistence/'] },
  },
  {
    name: 'merkle-stands-alone',
    comment: 'src/ledger/merkle knows the kernel and itself.',
    severity: 'error',
    from: { path: '^src/ledger/merkle/' },
    to: { path: '^src/', pathNot: ['^src/ledger/merkle/', '^src/kernel/'] },
  },
  {
    name: 'migrations-stand-alone',
    comment: 'A migration must mean the same in ten years: SQL, and the types of typeorm.',
    severity: 'error',
    from: { path: '^migrations/' },
    to: { pathNot: [`${PACKAGES}typeorm/`, '^typeorm$'] },
  },
  {
    name: 'migrations-import-types-only',
    comment: 'Migrations run by type stripping; typeorm is imported with `import type`.',
    severity: 'error',
    from: { path: '^migrations/' },
    to: { dependencyTypesNot: ['type-only'] },
  },
];

/** @type {IForbiddenRuleType[]} */
const hygiene = [
  {
    name: 'nothing-imports-test',
    comment: 'Production code does not know its tests.',
    severity: 'error',
    from: { path: '^(src|migrations)/', pathNot: SPEC },
    to: { path: ['^test/', SPEC] },
  },
  {
    name: 'every-file-has-a-room',
    comment: 'A new folder under src is first given a place in the architecture.',
    severity: 'error',
    from: { path: '^src/', pathNot: [ROOT, `^src/(${Object.keys(ROOMS).join('|')})/`] },
    to: {},
  },
  {
    name: 'no-circle',
    comment: 'No file imports itself through others, types included.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphan',
    comment: 'A file that nothing imports and that imports nothing is dead.',
    severity: 'error',
    from: { orphan: true, pathNot: [ROOT, PAGES] },
    to: {},
  },
  {
    name: 'imports-resolve',
    comment: 'An import that leads nowhere would escape every other rule.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-development-packages',
    comment: 'What runs in production is a dependency, not a development dependency.',
    severity: 'error',
    from: { path: '^src/', pathNot: SPEC },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
  },
];

/** @type {IConfiguration} */
export default {
  forbidden: [...rooms, ...doors, ...purity, ...hygiene],
  options: {
    doNotFollow: { path: [PACKAGES, '^test/'] },
    tsPreCompilationDeps: true,
    metrics: true,
    moduleSystems: ['es6'],
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
