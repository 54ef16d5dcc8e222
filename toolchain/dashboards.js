import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../dashboards/json/', import.meta.url));
const INPUT = 'DS_AMC_REPORTS';

const files = () => readdirSync(folder);

/** What plugin.json says about the shipped dashboards, so that the data source's page "Dashboards" offers them. */
export const dashboardIncludes = () =>
  files().map((name) => ({ type: 'dashboard', name: JSON.parse(readFileSync(folder + name, 'utf8')).title, path: `dashboards/${name}` }));

/** The shipped dashboards as a pattern of copy-webpack-plugin. */
export const dashboardCopies = (pluginJson) =>
  files().map((name) => ({
    from: folder + name,
    to: 'dashboards/[name][ext]',
    transform: (content) => importable(content.toString(), pluginJson),
  }));

/**
 * A provisioned dashboard names its data source by a fixed UID. One that is imported must ask for it instead: the data source has
 * whatever UID Grafana gave it.
 */
export function importable(text, { id, name }) {
  const dashboard = JSON.parse(text, (_key, value) => (value?.type === id && value.uid ? { ...value, uid: `\${${INPUT}}` } : value));
  return `${JSON.stringify({ __inputs: [{ name: INPUT, label: name, description: '', type: 'datasource', pluginId: id, pluginName: name }], ...dashboard }, null, 2)}\n`;
}
