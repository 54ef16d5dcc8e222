import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import CopyPlugin from 'copy-webpack-plugin';
import { SubresourceIntegrityPlugin } from 'webpack-subresource-integrity';
import { dashboardCopies, dashboardIncludes } from './dashboards.js';
import { GRAFANA_EXTERNALS } from './externals.js';

const repository = fileURLToPath(new URL('..', import.meta.url));
const publicPath = fileURLToPath(new URL('public-path.js', import.meta.url));
const json = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** A plugin's own file, else the repository's, so that LICENSE is kept once. */
const nearest = (pluginDir, name) => [join(pluginDir, name), join(repository, name)].find((file) => existsSync(file));

/**
 * Panels that an app brings along, each a plugin within the plugin (`src/panels/<name>` with a plugin.json of its own), as entries.
 * They have no chunks: Grafana loads them from an address of their own, from which none of the app's would be found.
 */
const panelEntries = (source) =>
  Object.fromEntries(
    (existsSync(join(source, 'panels')) ? readdirSync(join(source, 'panels')) : []).map((name) => [
      `panels/${name}/module`,
      `./panels/${name}/module.ts`,
    ]),
  );

/**
 * How a Grafana plugin is bundled. Names and output follow create-plugin, so that Grafana's validator and signer accept dist/:
 * `src/module.ts(x)` becomes an AMD `module.js` beside plugin.json, its images, README.md, CHANGELOG.md and LICENSE.
 * Everything behind `import()` becomes a chunk that is loaded from beside module.js and only runs if its hash is the one that
 * module.js holds: whoever vouches for module.js, as a signature does, vouches for all of them.
 *
 * @param {string} pluginDir folder of the plugin's package.json
 * @param {'production' | 'development'} mode
 * @returns {import('webpack').Configuration}
 */
export function pluginConfig(pluginDir, mode = 'production') {
  const source = resolve(pluginDir, 'src');
  const pluginJson = json(join(source, 'plugin.json'));
  const { id } = pluginJson;
  const { version } = json(join(pluginDir, 'package.json'));
  const stamp = (content) =>
    content
      .toString()
      .replaceAll('%VERSION%', version)
      .replaceAll('%TODAY%', new Date().toISOString().slice(0, 10))
      .replaceAll('%PLUGIN_ID%', id);
  // A data source's page offers to import dashboards; an app has no such place.
  const isDatasource = pluginJson.type === 'datasource';
  const listed = (content) =>
    isDatasource ? JSON.stringify({ ...JSON.parse(content.toString()), includes: dashboardIncludes() }, null, 2) : content;
  const documents = ['README.md', 'CHANGELOG.md', 'LICENSE'].map((name) => nearest(pluginDir, name)).filter((file) => file !== undefined);

  return {
    mode,
    context: source,
    target: ['web', 'es2021'],
    devtool: 'source-map',
    entry: { module: [publicPath, existsSync(join(source, 'module.tsx')) ? './module.tsx' : './module.ts'], ...panelEntries(source) },
    externals: GRAFANA_EXTERNALS,
    output: {
      path: resolve(pluginDir, 'dist'),
      publicPath: `public/plugins/${id}/`,
      filename: '[name].js',
      chunkFilename: '[name].[contenthash:12].js',
      library: { type: 'amd' },
      uniqueName: id,
      // A build that changes nothing is a build too: scripts/build-plugins.mjs goes by the time of module.js.
      compareBeforeEmit: false,
      // The browser compares hashes only of scripts that are asked for like this.
      crossOriginLoading: 'anonymous',
      // The Go backend's binaries live in dist/ too and are built by another script.
      clean: { keep: /^gpx_|^go_plugin_build_manifest$/ },
    },
    resolve: { extensions: ['.tsx', '.ts', '.mjs', '.js', '.json'] },
    module: {
      rules: [
        {
          test: /\.tsx?$/,
          exclude: /node_modules/,
          use: {
            loader: 'swc-loader',
            options: {
              jsc: {
                target: 'es2021',
                parser: { syntax: 'typescript', tsx: true },
                transform: { react: { runtime: 'automatic', development: false } },
              },
            },
          },
        },
        { test: /\.(png|jpe?g|gif|svg)$/, type: 'asset/resource', generator: { filename: 'img/[name].[hash:8][ext]' } },
      ],
    },
    plugins: [
      new SubresourceIntegrityPlugin(),
      new CopyPlugin({
        patterns: [
          // Whatever else a plugin reads as JSON, such as translations.
          {
            from: '**/*.json',
            to: '.',
            transform: stamp,
            globOptions: { ignore: ['**/plugin.json', '**/tsconfig*.json', '**/fixtures/**', '**/testing/**'] },
            noErrorOnMissing: true,
          },
          { from: 'plugin.json', to: '.', transform: (content) => stamp(listed(content)) },
          { from: 'panels/*/plugin.json', to: '.', transform: stamp, noErrorOnMissing: true },
          { from: 'panels/*/img/**/*', to: '.', noErrorOnMissing: true },
          ...(isDatasource ? dashboardCopies(pluginJson) : []),
          { from: 'img/**/*', to: '.', noErrorOnMissing: true },
          ...documents.map((file) => ({ from: file, to: '.', transform: stamp })),
        ],
      }),
    ],
    // What the validator asks of a good plugin: a page's code is loaded when the page is opened.
    performance: { hints: mode === 'production' ? 'warning' : false, maxAssetSize: 250_000, maxEntrypointSize: 250_000 },
    stats: { preset: 'errors-warnings', assets: true, timings: true },
  };
}

/** webpack-cli runs in the plugin's folder: `webpack --config ../toolchain/webpack.config.js`. */
export default (_environment, { mode } = {}) => pluginConfig(process.cwd(), mode ?? 'production');
