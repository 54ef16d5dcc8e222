// What must be true of a plugin's folder before it goes into a zip, whoever built it.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const PLATFORMS = ['linux_amd64', 'linux_arm64', 'darwin_amd64', 'darwin_arm64', 'windows_amd64.exe'];

/** Every file of a folder by its path in it, with slashes, in an order that is the same everywhere. */
export const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();

/** Sentences about what is wrong with a plugin's dist folder; none when it may be shipped. */
export function mistakesIn(dist, { withBinaries }) {
  const files = new Set(filesIn(dist));
  const text = (file) => (files.has(file) ? readFileSync(join(dist, file), 'utf8') : '');
  const plugin = JSON.parse(text('plugin.json') || '{}');
  const module = text('module.js');
  const mistakes = [];
  const must = (holds, mistake) => holds || mistakes.push(mistake);

  for (const name of ['plugin.json', 'module.js', 'README.md', 'CHANGELOG.md', 'LICENSE']) must(files.has(name), `${name} is missing.`);
  for (const name of ['plugin.json', 'README.md', 'CHANGELOG.md'])
    must(!/%[A-Z_]+%/.test(text(name)), `${name} holds a placeholder that was not filled in.`);
  for (const path of namedFiles(plugin)) must(files.has(path), `plugin.json names ${path}, which is missing.`);
  for (const language of plugin.languages ?? [])
    must(files.has(`locales/${language}/${plugin.id}.json`), `plugin.json promises the language ${language}, whose texts are missing.`);
  for (const folder of panelFolders(files)) {
    const panel = JSON.parse(text(`${folder}/plugin.json`) || '{}');
    for (const path of [`${folder}/plugin.json`, `${folder}/module.js`, ...namedFiles(panel).map((named) => `${folder}/${named}`)])
      must(files.has(path), `${path} is missing.`);
    must(
      plugin.includes?.some(({ type, id }) => type === 'panel' && id === panel.id),
      `plugin.json does not include the panel ${panel.id}.`,
    );
  }
  must(text('CHANGELOG.md').includes(`## ${plugin.info?.version}`), `CHANGELOG.md says nothing of ${plugin.info?.version}.`);

  must(/^define\(\[[^\]]*"module"[,\]]/.test(module), 'module.js does not ask where it was loaded from.');
  for (const file of files) {
    if (!file.endsWith('.js')) continue;
    must(files.has(`${file}.map`), `${file} has no source map.`);
    // What Grafana itself loads; all others are chunks of it.
    if (!/^(panels\/[^/]+\/)?module\.js$/.test(file))
      must(module.includes(hashOf(join(dist, file))), `module.js holds no hash of ${file}.`);
  }
  for (const path of [...files].filter((file) => file.startsWith('dashboards/')))
    must(asksForItsDataSource(text(path), plugin.id), `${path} names a data source instead of asking for one.`);
  if (withBinaries && plugin.executable)
    for (const name of [...PLATFORMS.map((platform) => `${plugin.executable}_${platform}`), 'go_plugin_build_manifest'])
      must(files.has(name), `${name} is missing.`);
  return mistakes;
}

const namedFiles = ({ info = {}, includes = [] }) => [
  ...Object.values(info.logos ?? {}),
  ...(info.screenshots ?? []).map((screenshot) => screenshot.path),
  ...includes.filter((include) => include.type === 'dashboard').map((include) => include.path),
];

/** Folders of the panels that an app brings along. */
const panelFolders = (files) =>
  new Set([...files].filter((file) => file.startsWith('panels/')).map((file) => file.split('/').slice(0, 2).join('/')));

const hashOf = (file) => `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;

function asksForItsDataSource(text, pluginId) {
  const { __inputs: inputs, ...dashboard } = JSON.parse(text);
  const asked = new Set(inputs?.map((input) => `\${${input.name}}`));
  const named = [];
  JSON.stringify(dashboard, (_key, value) => (value?.type === pluginId && named.push(value.uid), value));
  return named.length > 0 && named.every((uid) => asked.has(uid));
}
