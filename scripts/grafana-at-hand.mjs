import { spawnSync } from 'node:child_process';

/** Whether a Grafana can be used: GRAFANA_URL names a running one, or a `grafana` binary is on the PATH. */
export function grafanaAtHand() {
  if (process.env.GRAFANA_URL) return true;
  return spawnSync('grafana', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Whether the Go toolchain is there, which the data source's backend is built with. */
export function goAtHand() {
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0;
}
