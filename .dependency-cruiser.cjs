/**
 * The floors of the collector (README, "How the code is laid out"): imports run downward only and never in a circle.
 * Rooms of one floor are strangers, except by the arrows listed here. A folder that is not listed is refused.
 */
const floors = [
  { name: 'contract', rooms: [] },
  { name: 'ground', rooms: [] },
  {
    name: 'data',
    rooms: ['catalogue', 'resultfile', 'amc', 'store', 'connect'],
    arrows: [
      'resultfile → catalogue',
      'amc → catalogue',
      'amc → resultfile',
      'store → catalogue',
      'store → resultfile',
      'connect → catalogue',
      'connect → amc',
      'connect → store',
    ],
  },
  { name: 'engine', rooms: ['collect', 'query', 'access'], arrows: [] },
  { name: 'product', rooms: ['schedule', 'review', 'upkeep', 'backup'], arrows: [] },
  { name: 'entry', rooms: ['http', 'cli', 'grafana'], arrows: ['cli → grafana'] },
];
/** Where the parts are put together; it may use every floor, and only the entries use it. */
const COMPOSITION = '^collector-service/src/(main|foundation|database|jobs)\\.ts$';

const SOURCE = '^collector-service/src/';
/** Tests may use anything. */
const product = { pathNot: ['\\.test\\.ts$'] };
const floorPath = ({ name }) => `${SOURCE}${name}/`;
const roomPath = (floor, room) => `${floorPath(floor)}${room}/`;

const known = floors.map((floor) => (floor.rooms.length === 0 ? `${floor.name}/` : `${floor.name}/(${floor.rooms.join('|')})/`));
const unknownFolder = {
  name: 'unknown-folder',
  comment: 'A new room is added to the floors in .dependency-cruiser.cjs, with the arrows it needs.',
  severity: 'error',
  from: { path: SOURCE, pathNot: [COMPOSITION, `${SOURCE}(${known.join('|')})`] },
  to: {},
};

const upward = floors.slice(0, -1).map((floor, index) => ({
  name: `${floor.name}-imports-downward`,
  severity: 'error',
  from: { path: floorPath(floor), ...product },
  to: { path: [...floors.slice(index + 1).map(floorPath), COMPOSITION] },
}));

const strangers = floors.flatMap((floor) =>
  floor.rooms.map((room) => {
    const allowed = [room, ...floor.arrows.filter((arrow) => arrow.startsWith(`${room} → `)).map((arrow) => arrow.split(' → ')[1])];
    return {
      name: `${room}-knows-only-its-arrows`,
      severity: 'error',
      from: { path: roomPath(floor, room), ...product },
      to: { path: floorPath(floor), pathNot: allowed.map((each) => roomPath(floor, each)) },
    };
  }),
);

const ownStatements = floors.flatMap((floor) =>
  floor.rooms.map((room) => ({
    name: `statements-of-${room}-are-its-own`,
    comment: 'A room’s SQL is private to it: others call its verbs.',
    severity: 'error',
    from: { path: SOURCE, pathNot: [roomPath(floor, room), '\\.test\\.ts$'] },
    to: { path: [`${roomPath(floor, room)}statements/`, `${roomPath(floor, room)}[^/]+/statements/`] },
  })),
);

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: { path: '^(collector-service|sandbox)/' }, to: { circular: true } },
    {
      name: 'no-circle-in-plugins',
      comment: 'A component may know the type of the data source that shows it; at run time nothing goes in a circle.',
      severity: 'error',
      from: { path: '-plugin/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    unknownFolder,
    ...upward,
    ...strangers,
    ...ownStatements,
    {
      name: 'query-is-entered-by-its-index',
      comment: 'Its folders are its own; what others may use stands in engine/query/index.ts.',
      severity: 'error',
      from: { path: SOURCE, pathNot: [`${SOURCE}engine/query/`, '\\.test\\.ts$'] },
      to: { path: `${SOURCE}engine/query/`, pathNot: [`${SOURCE}engine/query/index\\.ts$`] },
    },
    {
      name: 'sandbox-and-client-are-strangers',
      comment: 'They share the protocol, the calendar and the catalogue’s types; otherwise a mistake in one would hide in the other.',
      severity: 'error',
      from: { path: '^sandbox/', ...product },
      to: { path: SOURCE, pathNot: [`${SOURCE}(contract/time-zone|ground/(calendar/|marketplaces)|data/catalogue/)`] },
    },
    {
      name: 'only-the-command-line-starts-a-sandbox',
      severity: 'error',
      from: { path: SOURCE, pathNot: [`${SOURCE}entry/cli/`, '\\.test\\.ts$'] },
      to: { path: '^sandbox/' },
    },
    {
      name: 'no-test-support-in-the-product',
      severity: 'error',
      from: { path: ['^(collector-service|sandbox|datasource-plugin|app-plugin)/src/'], ...product },
      to: { path: '^test-support/' },
    },
    {
      name: 'plugins-know-only-the-contract',
      severity: 'error',
      from: { path: '^(app|datasource)-plugin/' },
      to: { path: '^collector-service/src/(?!contract/)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'collector-service/tsconfig.json' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'node', 'default'] },
  },
};
