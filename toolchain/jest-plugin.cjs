/**
 * The jest set-up of both plugins: `module.exports = require('../toolchain/jest-plugin.cjs')` in a plugin's jest.config.cjs.
 * Tests run as CommonJS through swc in a simulated browser; paths are relative to the plugin that uses it.
 */
const path = require('node:path');

/** Packages that ship ES modules only (Grafana's own and what they import) are compiled along with ours. */
const esmOnly = [
  '.*grafana',
  'd3',
  'd3-.*',
  'delaunator',
  'robust-predicates',
  'internmap',
  'uuid',
  'ol',
  'ol-.*',
  'geotiff',
  'quick-lru',
  'rbush',
  'quickselect',
  'pbf',
  'color-.*',
  'marked',
  'marked-mangle',
  'react-calendar',
  'get-user-locale',
  'memoize',
  'mimic-function',
  '@wojtekmaj',
  'react-colorful',
  'react-data-grid',
  'monaco-promql',
  'lezer-.*',
  '@bsull',
  'until-async',
  '@mswjs',
  'msw',
  'rettime',
  'headers-polyfill',
  '@open-draft',
];

const setup = (file) => path.join(__dirname, 'jest-plugin', file);

module.exports = {
  testEnvironment: setup('environment.cjs'),
  roots: ['<rootDir>/src'],
  testMatch: ['**/*.test.{ts,tsx}'],
  setupFiles: [setup('browser.cjs')],
  setupFilesAfterEnv: [setup('matchers.cjs')],
  moduleNameMapper: {
    '\\.(css|scss|sass)$': setup('style-stub.cjs'),
    '\\.(png|jpe?g|gif|svg)$': setup('image-stub.cjs'),
    // Both draw by asking the network or the canvas, neither of which is there.
    '^react-inlinesvg$': setup('react-inlinesvg.cjs'),
  },
  transform: {
    '^.+\\.(ts|tsx|m?js|jsx)$': [
      require.resolve('@swc/jest'),
      {
        jsc: { parser: { syntax: 'typescript', tsx: true }, transform: { react: { runtime: 'automatic' } }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:.*/node_modules/)?(?:${esmOnly.join('|')})/)`],
  testTimeout: 60_000,
  maxWorkers: 2,
};
