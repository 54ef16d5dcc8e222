import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAuthenticator } from './engine/access/authenticate.ts';
import { createIdentityVerifier } from './engine/access/grafana-identity.ts';
import { createTeamMembership } from './engine/access/teams.ts';
import { ensureToken } from './engine/access/tokens.ts';
import { configureWorkspace } from './engine/access/workspaces.ts';
import type { CollectDeps } from './engine/collect/deps.ts';
import { DEFAULT_SETTINGS } from './engine/collect/settings.ts';
import { runWorker } from './engine/collect/worker.ts';
import type { Config } from './ground/config.ts';
import { runJobs } from './ground/jobs/runner.ts';
import { readGrafanaToken, saveGrafanaAccess } from './data/connect/grafana-token.ts';
import { JOBS } from './jobs.ts';
import { openFoundation, type Foundation, type FoundationOptions } from './foundation.ts';
import { createHttpServer } from './entry/http/server.ts';
import { createQueryCache, type QueryCache, type QueryParts } from './engine/query/index.ts';
import { runScheduler } from './product/schedule/scheduler.ts';
import type { UpkeepDeps } from './product/upkeep/context.ts';
import { keepSpoolClean } from './product/upkeep/keep-spool-clean.ts';
import { VERSION } from './ground/version.ts';
import { writeAudit } from './ground/audit.ts';

/** Which parts run in this process: everything, only the HTTP API, or only the collecting. Any number of workers may share a database. */
export const MODES = ['all', 'api', 'worker'] as const;
export type Mode = (typeof MODES)[number];

export interface Service extends Foundation {
  /** Where the HTTP API answers; undefined for a worker. */
  url: string | undefined;
  /** What the data source must present. */
  token: string;
  /** What questions are answered with, for callers that bring a scope. */
  query: QueryParts;
}

/** The composition root: builds the parts of a mode in order; the lifecycle stops them in reverse. */
export async function startService(options: FoundationOptions & { mode: Mode }): Promise<Service> {
  const foundation = await openFoundation({ ...options, service: true });
  const { config, logger, store, catalogue, clock } = foundation;
  const token = config.collectorToken ?? keptToken(config.dataDir);
  // Now rather than at the first result: a folder that cannot be written is the operator's to mend.
  mkdirSync(spoolDirectory(config), { recursive: true, mode: 0o700 });
  // Workers answer nobody: whom to believe is the business of those who do.
  if (options.mode !== 'worker') await configure(foundation, token);
  const query: QueryParts = { store, catalogue, clock, cache: createQueryCache(), logger };

  // The API first: while Amazon is asked about the instances, health already says so.
  const url = options.mode === 'worker' ? undefined : await startApi(foundation, query.cache, options);
  options.onStep?.('Asking Amazon about the instances');
  await foundation.provision(options.signal);
  if (options.mode !== 'api') startCollecting(foundation, options);
  return { ...foundation, url, token, query };
}

/** What the environment says of its workspace: whom to believe, where teams are asked for, and the token of the data source. */
async function configure({ config, store, keyring, workspaceId }: Foundation, token: string): Promise<void> {
  const { issuer, keysUrl = issuer && new URL('/api/signing-keys/keys', issuer).href, orgs } = config.grafana;
  const grafana = issuer === undefined || keysUrl === undefined ? null : { issuer, keysUrl, orgs };
  const apiUrl = config.grafanaUrl ?? keysUrl?.replace(/\/api\/signing-keys\/keys$/, '');
  const teams = config.grafanaServiceAccountToken && apiUrl ? { apiUrl, token: config.grafanaServiceAccountToken } : null;
  await store.transaction(async (tx) => {
    const changes = [
      (await configureWorkspace(tx, workspaceId, grafana)) && 'workspace.configure',
      (await saveGrafanaAccess(tx, keyring, workspaceId, teams)) && 'workspace.configureTeams',
      (await ensureToken(tx, workspaceId, { name: 'grafana', token })) && 'token.configure',
    ];
    for (const action of changes)
      if (action) await writeAudit(tx, { workspaceId, person: 'configuration', action, subject: `workspace ${config.workspace}` });
  });
}

function startCollecting(foundation: Foundation, { lifecycle }: FoundationOptions): void {
  const stop = new AbortController();
  const running = Promise.all([
    runWorker(collectDeps(foundation), stop.signal),
    runScheduler({ ...foundation, timeFactor: foundation.config.timeFactor }, stop.signal),
    runJobs({ ...upkeepDeps(foundation), jobs: JOBS, deps: upkeepDeps(foundation) }, stop.signal),
    keepSpoolClean(upkeepDeps(foundation), stop.signal),
  ]);
  // These end only when told to; anything else is a bug that must not be survived in silence.
  running.catch((error: unknown) => {
    foundation.logger.fatal({ err: error }, 'The worker ended');
    lifecycle.fail(error instanceof Error ? error : new Error(String(error)));
  });
  lifecycle.started('worker', async () => {
    stop.abort();
    await running;
  });
}

function collectDeps({ config, store, catalogue, clients, clock, logger }: Foundation): CollectDeps {
  return {
    store,
    catalogue,
    amc: (connectionId) => clients.forConnection(connectionId),
    clock,
    logger,
    spoolDirectory: spoolDirectory(config),
    settings: {
      ...DEFAULT_SETTINGS,
      timeFactor: config.timeFactor,
      instanceLimit: config.instanceConcurrency,
      accountLimit: config.accountConcurrency,
      instancePerDay: config.instancePerDay,
      accountPerDay: config.accountPerDay,
    },
  };
}

/** What import, rebuild, clean-up and dataset upgrades work with. */
export const upkeepDeps = ({ config, store, catalogue, clock, logger }: Foundation): UpkeepDeps => ({
  store,
  catalogue,
  clock,
  logger,
  spoolDirectory: spoolDirectory(config),
  retention: config.retention,
});

/** Where result files lie on their way into the database; whoever writes there makes it. */
const spoolDirectory = ({ dataDir }: Pick<Config, 'dataDir'>): string => join(dataDir, 'spool');

async function startApi(foundation: Foundation, cache: QueryCache, { lifecycle }: FoundationOptions): Promise<string> {
  const { config, logger, store, server: databaseServer, catalogue, clock, clients } = foundation;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const server = createHttpServer({
    store,
    databaseServer,
    catalogue,
    clock,
    logger,
    cache,
    version: VERSION,
    listen: { host: config.host, port: config.port },
    spoolDirectory: spoolDirectory(config),
    timeFactor: config.timeFactor,
    authenticator: createAuthenticator({
      pool: store.pool,
      verify: createIdentityVerifier(),
      teams: { includes: createTeamMembership(), tokenOf: (id) => readGrafanaToken(store.pool, foundation.keyring, id) },
    }),
    checkConnection: async (connectionId, signal) => (await clients.forConnection(connectionId)).authorize(signal),
    registry,
  });
  const { url } = await server.listen();
  lifecycle.started('HTTP API', () => server.close());
  return url;
}

/** The data source's token when none is configured: made once, readable by its owner only. */
function keptToken(dataDir: Config['dataDir']): string {
  const path = join(dataDir, 'collector.token');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const token = `amcr_${randomBytes(32).toString('base64url')}`;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}
