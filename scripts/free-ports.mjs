// Says that a port is taken before a minute goes into installing. Once installed the collector says it itself.
import { createServer } from 'node:net';

/**
 * The ports that a start listens on, by the name of their setting.
 * @param {NodeJS.ProcessEnv} env
 * @param {boolean} withGrafana whether one is at hand
 */
export function wantedPorts(env, withGrafana) {
  const wanted = [['PORT', env.PORT?.trim() || '8085']];
  if (!env.AMC_CLIENT_ID?.trim()) wanted.push(['SANDBOX_PORT', env.SANDBOX_PORT?.trim() || '8086']);
  if (withGrafana && env.GRAFANA_PORT?.trim() && !env.GRAFANA_URL?.trim()) wanted.push(['GRAFANA_PORT', env.GRAFANA_PORT.trim()]);
  // A number that is none is for the collector to refuse, with everything else that is wrong in the settings.
  return wanted.map(([setting, value]) => ({ setting, port: Number(value) })).filter(({ port }) => Number.isInteger(port) && port < 65_536);
}

/** Ends the process when one of them is taken. */
export async function refuseTakenPorts(env, withGrafana) {
  const host = env.HOST?.trim() || '127.0.0.1';
  let free = true;
  for (const { setting, port } of wantedPorts(env, withGrafana)) {
    if (!(await isTaken(host, port))) continue;
    free = false;
    console.error(
      `Port ${port} on ${host} is taken, perhaps by another start. Stop what uses it, or set ${setting} to a free one. Nothing was installed.`,
    );
  }
  if (!free) process.exit(1);
}

const isTaken = (host, port) =>
  new Promise((resolve) => {
    const server = createServer();
    // Any other error, such as a host that is none of this machine's, the collector explains.
    server.once('error', ({ code }) => resolve(code === 'EADDRINUSE'));
    server.listen(port, host, () => server.close(() => resolve(false)));
  });
