import { spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

export type GrafanaAtHand = { kind: 'running'; url: string } | { kind: 'binary'; binary: string; home: string; version: string };

/** A Grafana we may use: GRAFANA_URL names a running one; else a `grafana` binary on the PATH whose home directory is known or beside it. */
export function findGrafana(env: NodeJS.ProcessEnv): GrafanaAtHand | undefined {
  if (env.GRAFANA_URL) return { kind: 'running', url: env.GRAFANA_URL.replace(/\/+$/, '') };
  const binary = (env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'grafana'))
    .find((path) => existsSync(path));
  if (binary === undefined) return undefined;
  const { status, stdout } = spawnSync(binary, ['--version'], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const homes = [env.GRAFANA_HOME, join(dirname(realpathSync(binary)), '..'), '/usr/share/grafana', '/opt/grafana'];
  const home = homes.find((path) => path !== undefined && existsSync(join(path, 'conf', 'defaults.ini')));
  return home === undefined ? undefined : { kind: 'binary', binary, home, version: /(\d+\.\d+\.\d+)/.exec(stdout)?.[1] ?? 'unknown' };
}
