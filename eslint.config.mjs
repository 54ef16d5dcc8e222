import js from '@eslint/js';
import globals from 'globals';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import grafana from './toolchain/eslint-grafana.js';

export default tseslint.config(
  { ignores: ['**/dist/', '**/node_modules/', '**/coverage/', '.data/', 'e2e/playwright-report/', 'e2e/test-results/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    // What talks to a terminal may print.
    files: [
      'scripts/**',
      'collector-service/src/entry/cli/**',
      'collector-service/bench/**',
      'dashboards/src/build.ts',
      'toolchain/**',
      'e2e/**',
      'datasource-plugin/scripts/**',
    ],
    rules: { 'no-console': 'off' },
  },
  { files: ['toolchain/*.test.mjs'], languageOptions: { globals: globals.jest } },
  {
    files: ['toolchain/public-path.js'],
    languageOptions: { globals: { ...globals.browser, __webpack_public_path__: 'writable' } },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' }, rules: { '@typescript-eslint/no-require-imports': 'off' } },
  {
    files: ['datasource-plugin/src/**', 'app-plugin/src/**'],
    plugins: { 'react-hooks': hooks, grafana },
    languageOptions: { globals: globals.browser },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      'grafana/import-is-compatible': 'error',
      // The contract brings zod along; a plugin takes its types and leaves the validating to the collector.
      'no-restricted-imports': 'off',
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '^@amc-reports/collector-service(?!/contract$)',
              message: 'Plugins import from the contract and nothing else of the collector.',
            },
            {
              regex: '^@amc-reports/collector-service/contract$',
              allowTypeImports: true,
              message: 'Plugins import types only from the contract.',
            },
          ],
        },
      ],
    },
  },
);
