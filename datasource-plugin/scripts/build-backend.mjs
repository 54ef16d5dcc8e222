// Builds the Go backend into dist/ under the name Grafana looks for: <executable>_<os>_<arch>.
//   node scripts/build-backend.mjs              for this machine
//   node scripts/build-backend.mjs linux/arm64  for others
//   node scripts/build-backend.mjs --all        for every platform that Grafana runs on
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PLATFORMS = ['linux/amd64', 'linux/arm64', 'darwin/amd64', 'darwin/arm64', 'windows/amd64'];
const plugin = fileURLToPath(new URL('..', import.meta.url));
const { executable } = JSON.parse(readFileSync(join(plugin, 'src/plugin.json'), 'utf8'));

const go = (args, env = {}) =>
  execFileSync('go', args, { cwd: plugin, env: { ...process.env, CGO_ENABLED: '0', ...env }, stdio: ['ignore', 'pipe', 'inherit'] });

/** Without cgo the binary runs in any container; -s -w leaves out 15 MB of debugging data. */
function build(platform) {
  const [os, architecture] = platform.split('/');
  const file = `${executable}_${os}_${architecture}${os === 'windows' ? '.exe' : ''}`;
  go(['build', '-trimpath', '-ldflags', '-s -w', '-o', join('dist', file), './pkg'], { GOOS: os, GOARCH: architecture });
  console.log(`dist/${file}`);
}

/** The sources that the binaries are made of, with their hashes, as Grafana's validator compares them with a repository. */
function writeManifest() {
  const lines = globSync('pkg/**/*.go', { cwd: plugin })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()
    .map(
      (file) =>
        `${createHash('sha256')
          .update(readFileSync(join(plugin, file)))
          .digest('hex')}:${file}\n`,
    );
  writeFileSync(join(plugin, 'dist/go_plugin_build_manifest'), lines.join(''));
}

let here;
try {
  here = go(['env', 'GOOS', 'GOARCH']).toString().trim().split(/\s+/).join('/');
} catch (error) {
  console.error(`The data source's backend needs Go 1.26 or newer on the PATH (https://go.dev/dl): ${error.message}`);
  process.exit(1);
}
const asked = process.argv.slice(2);
const platforms = asked.includes('--all') ? PLATFORMS : asked.length > 0 ? asked : [here];
const unknown = platforms.filter((platform) => !PLATFORMS.includes(platform) && platform !== here);
if (unknown.length > 0) {
  console.error(`Unknown platform: ${unknown.join(', ')}. Known: ${PLATFORMS.join(', ')}.`);
  process.exit(1);
}
platforms.forEach(build);
writeManifest();
