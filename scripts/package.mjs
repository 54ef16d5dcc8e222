// npm run package: both plugins as zips in dist/, unsigned, the data source with its backend for every platform. It needs Go.
//   npm run package -- --as-built    zips what lies in the plugins' dist folders, once it is signed (docs/releasing.md)
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createWriteStream, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ensureInstalled, root } from './install.mjs';
import { filesIn, mistakesIn } from './package-contents.mjs';

const PLUGINS = ['datasource-plugin', 'app-plugin'];
const target = join(root, 'dist');

ensureInstalled('all');
const { ZipFile } = (await import('yazl')).default;

if (!process.argv.includes('--as-built')) {
  for (const plugin of PLUGINS) build(plugin, 'build');
  build('datasource-plugin', 'build:backend', '--', '--all');
}
for (const plugin of PLUGINS) {
  const mistakes = mistakesIn(join(root, plugin, 'dist'), { withBinaries: true });
  if (mistakes.length > 0) fail(`${plugin} cannot be packed. ${mistakes.join(' ')}`);
}
rmSync(target, { recursive: true, force: true });
mkdirSync(target);
const zips = [];
for (const plugin of PLUGINS) zips.push(await pack(join(root, plugin, 'dist')));
writeFileSync(join(target, 'SHA256SUMS'), zips.map((zip) => `${sha256(zip)}  ${basename(zip)}\n`).join(''));
for (const zip of zips) console.log(`dist/${basename(zip)}`);

function build(plugin, ...script) {
  const env = { ...process.env, PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}` };
  const { status } = spawnSync('npm', ['run', '--silent', '--workspace', plugin, ...script], { cwd: root, stdio: 'inherit', env });
  if (status !== 0) fail(`${plugin} could not be built; the message is above.`);
}

/** <id>-<version>.zip with one folder <id>. Times and modes are set, so that the same files make the same zip anywhere. */
async function pack(dist) {
  const { id, info, executable } = JSON.parse(readFileSync(join(dist, 'plugin.json'), 'utf8'));
  const mtime = new Date(`${info.updated}T00:00:00Z`);
  const zip = new ZipFile();
  for (const file of filesIn(dist)) {
    const mode = executable && file.startsWith(`${executable}_`) ? 0o100755 : 0o100644;
    zip.addFile(join(dist, file), `${id}/${file}`, { mtime, mode });
  }
  zip.end();
  const path = join(target, `${id}-${info.version}.zip`);
  await pipeline(zip.outputStream, createWriteStream(path));
  return path;
}

function sha256(file) {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
