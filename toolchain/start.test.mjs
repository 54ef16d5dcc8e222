import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');

/** npm start of a clone in which nothing is installed yet, beside a Grafana or without one; `npm` is out of its reach. */
function startFresh(env, withGrafana = true) {
  const folder = mkdtempSync(join(tmpdir(), 'fresh-'));
  try {
    for (const name of ['scripts', 'package.json', 'package-lock.json', '.nvmrc'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    mkdirSync(join(folder, 'bin'));
    if (withGrafana) writeFileSync(join(folder, 'bin/grafana'), '#!/bin/sh\n', { mode: 0o755 });
    const { status, stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], {
      cwd: folder,
      env: { PATH: join(folder, 'bin'), ...env },
      encoding: 'utf8',
    });
    return { status, stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function squat() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: server.address().port, leave: () => new Promise((resolve) => void server.close(resolve)) };
}

it.each(['PORT', 'SANDBOX_PORT', 'GRAFANA_PORT'])('says before installing that %s is taken', async (setting) => {
  const squatter = await squat();
  const free = { PORT: '0', SANDBOX_PORT: '0' };
  const { status, stderr } = startFresh({ ...free, [setting]: String(squatter.port) });
  expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringContaining(`Port ${squatter.port} on 127.0.0.1 is taken`) });
  expect(stderr).toContain(`set ${setting} to a free one`);
  expect(stderr).not.toContain('Installing');

  await squatter.leave();
  expect(startFresh({ ...free, [setting]: String(squatter.port) }).stderr).toContain('Installing');
});

it('does not ask for the sandbox’s port with an account at Amazon, nor for Grafana’s where none is to be started', async () => {
  const squatter = await squat();
  const port = String(squatter.port);
  const env = { PORT: '0', SANDBOX_PORT: port, GRAFANA_PORT: port, AMC_CLIENT_ID: 'client' };
  expect(startFresh(env).stderr).toContain('GRAFANA_PORT');
  expect(startFresh(env, false).stderr).not.toContain('is taken');
  expect(startFresh({ ...env, GRAFANA_URL: 'http://127.0.0.1:1' }).stderr).not.toContain('is taken');
  await squatter.leave();
});

it('asks for the ports that the collector takes when nothing is set', () => {
  const script = `
    import { readConfig } from './collector-service/src/ground/config.ts';
    import { wantedPorts } from './scripts/free-ports.mjs';
    const { port, sandboxPort } = readConfig({}, '.');
    console.log(JSON.stringify({ wanted: wantedPorts({}, true), taken: [port, sandboxPort] }));`;
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/node'), ['--input-type=module', '-e', script], {
    cwd: root,
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  const { wanted, taken } = JSON.parse(stdout);
  expect(wanted.map(({ port }) => port)).toEqual(taken);
});
