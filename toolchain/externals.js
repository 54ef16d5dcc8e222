/**
 * What Grafana gives to a plugin at run time and a plugin must therefore never bundle: two copies of React or of the
 * router in one page break hooks and contexts. Source: Grafana's sharedDependencies.ts (12.3.0) and create-plugin's list.
 * react-router-dom is missing on purpose: Grafana offers version 5 under that name, so a plugin bundles version 6 over the
 * shared react-router.
 */
export const GRAFANA_EXTERNALS = [
  'angular',
  'd3',
  'emotion',
  '@emotion/css',
  '@emotion/react',
  '@grafana/data',
  '@grafana/runtime',
  '@grafana/slate-react',
  '@grafana/ui',
  'i18next',
  'jquery',
  'lodash',
  'moment',
  'prismjs',
  'react',
  'react-dom',
  'react-inlinesvg',
  'react-redux',
  'react-router',
  'react/jsx-dev-runtime',
  'react/jsx-runtime',
  'redux',
  'rxjs',
  'rxjs/operators',
  'slate',
  'slate-plain-serializer',
  'slate-react',
  // Not a library: AMD's own description of the module that is being loaded, under the name that public-path.js asks for.
  { 'amd-module': 'module' },
];
