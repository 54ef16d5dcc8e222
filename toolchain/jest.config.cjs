/** What the checks themselves refuse and let through. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/*.test.mjs'],
  transform: { '^.+\\.mjs$': [require.resolve('@swc/jest'), { module: { type: 'commonjs' } }] },
  testTimeout: 60_000,
};
