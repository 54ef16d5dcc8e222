// npm run validate-plugins: Grafana's plugin validator over the zips of npm run package. It needs the network: it asks grafana.com and
// the package registry. `plugincheck2` is taken from the PATH, else Go builds the version below.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PLUGINS } from './build-plugins.mjs';
import { root } from './install.mjs';

// A commit, since the release's tag is not one that Go reads: 0.45.6.
const VALIDATOR = 'github.com/grafana/plugin-validator/pkg/cmd/plugincheck2@a7e38aae36a336062e9aa5ee9dd36435851daac2';

const onPath = spawnSync('plugincheck2', ['-help'], { stdio: 'ignore' }).error === undefined;
const [command, ...first] = onPath ? ['plugincheck2'] : ['go', 'run', VALIDATOR];

let cutShort = false;
const failed = PLUGINS.filter((plugin) => {
  const { id } = JSON.parse(readFileSync(join(root, plugin, 'src/plugin.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(root, plugin, 'package.json'), 'utf8'));
  const zip = join(root, 'dist', `${id}-${version}.zip`);
  console.log(`\n── ${id} ${version}`);
  if (existsSync(zip)) return !passes(zip, pathToFileURL(join(root, plugin)).href);
  console.error(`${zip} is missing: run npm run package first.`);
  return true;
});
if (cutShort) console.log('\nNot every check could be made: see "check failed" above.');
console.log(failed.length === 0 ? '\nNo errors.' : `\nErrors in ${failed.join(', ')}.`);
process.exit(failed.length === 0 ? 0 : 1);

/**
 * The validator stops, ends well and says nothing where a check could not ask the network, or grafana.com does not know the
 * organisation that the plugin's id begins with. Only its debug output tells.
 */
function passes(zip, source) {
  const args = [...first, '-config', join(root, 'toolchain/plugin-validator.yaml'), '-sourceCodeUri', source, zip];
  const env = { ...process.env, DEBUG: '1' };
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', env, maxBuffer: 1 << 28 });
  const lines = `${stdout}${stderr}`.split('\n').filter((line) => !line.startsWith('[DEBUG]') || line.includes('check failed'));
  console.log(lines.join('\n').trim());
  cutShort ||= lines.some((line) => line.startsWith('[DEBUG]'));
  return status === 0;
}
