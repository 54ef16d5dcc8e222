/**
 * The floors of the collector (README, "How the code is laid out"): imports run downward only and never in a circle.
 * Tests and benches may use anything.
 */
const floors = [
  ['contract', 'calendar', 'crash-point'],
  ['catalogue'],
  ['resultfile'],
  ['amc', 'store', 'sandbox'],
  ['connect'],
  ['collect', 'query', 'access'],
  ['schedule', 'review', 'upkeep'],
  ['http'],
  ['cli'],
];

const folder = (names) => `^collector-service/src/(${names.join('|')})/`;
const source = { pathNot: ['\\.test\\.ts$', '^collector-service/src/testing/', '/crash/', '/testing/', 'fixture'] };

const upward = floors.slice(0, -1).map((names, index) => ({
  name: `${names.join('-')}-imports-downward`,
  severity: 'error',
  from: { path: folder(names), ...source },
  to: { path: folder(floors.slice(index + 1).flat()) },
}));

module.exports = {
  forbidden: [
    { name: 'no-circle', severity: 'error', from: { path: '^collector-service/' }, to: { circular: true } },
    {
      name: 'no-circle-in-plugins',
      comment: 'A component may know the type of the data source that shows it; at run time nothing goes in a circle.',
      severity: 'error',
      from: { path: '-plugin/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...upward,
    {
      name: 'sandbox-and-client-are-strangers',
      comment: 'They share the protocol and nothing else; otherwise a mistake in one would hide in the other.',
      severity: 'error',
      from: { path: folder(['sandbox']), ...source },
      to: { path: folder(['amc', 'store', 'resultfile']) },
    },
    {
      name: 'amc-and-store-are-strangers',
      severity: 'error',
      from: { path: folder(['amc']), ...source },
      to: { path: folder(['store', 'sandbox']) },
    },
    {
      name: 'store-knows-no-amc',
      severity: 'error',
      from: { path: folder(['store']), ...source },
      to: { path: folder(['amc', 'sandbox']) },
    },
    {
      name: 'query-and-collect-are-neighbours',
      severity: 'error',
      from: { path: folder(['query']), ...source },
      to: { path: folder(['collect', 'access']) },
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
  },
};
