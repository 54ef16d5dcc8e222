import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { offsetClock, type Clock } from '../../src/ground/calendar/clock.ts';
import { Catalogue } from '../../src/data/catalogue/catalogue.ts';
import type { Dataset } from '../../src/data/catalogue/dataset.ts';
import { loadDatasets } from '../../src/data/catalogue/load.ts';
import { startMortalPostgres, type MortalPostgres } from '@amc-reports/test-support/crash/mortal-postgres.ts';
import type { PlanContext } from '../../src/engine/collect/collections/plan.ts';
import { createCollection } from '../../src/engine/collect/collections/create.ts';
import { insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';
import { SANDBOX_ACCOUNT_ID, SANDBOX_INSTANCES, SANDBOX_UNLISTED_INSTANCES } from '@amc-reports/sandbox/account.ts';
import { migrate } from '../../src/data/store/migrate.ts';
import { openStore, type Store } from '../../src/data/store/store.ts';
import { recordChanges } from './record.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';

export const DATASETS = join(import.meta.dirname, 'datasets');
export const TIME_ZONE = 'America/Los_Angeles';

export interface WorldInstance {
  id: string;
  amcInstanceId: string;
}

export interface WorldCollection {
  id: string;
  instance: WorldInstance;
  dataset: Dataset;
}

/** Five instances × four datasets in a collector's database that can be killed, and a sandbox that cannot. */
export interface World {
  folder: string;
  postgres: MortalPostgres;
  databaseUrl: string;
  store: Store;
  catalogue: Catalogue;
  workspaceId: string;
  /** For what a person does. */
  context(): PlanContext;
  collections: WorldCollection[];
  sandbox: { url: string; adminUrl: string };
  /** Moves the sandbox's day and ours. */
  advance(days: number): Promise<void>;
  calendarOffsetMs(): number;
  clock: Clock;
  close(): Promise<void>;
}

export async function createWorld(weeks: number): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'amc-reports-crash-'));
  await chmod(folder, 0o755);
  const [sandbox, postgres] = await Promise.all([startSandboxProcess(), startMortalPostgres({ supervised: true })]);
  const databaseUrl = postgres.adminUrl;
  const store = await openStore(databaseUrl, { maxConnections: 8, applicationName: 'crash-harness' });
  const datasets = await loadDatasets([DATASETS]);
  const catalogue = new Catalogue(datasets);
  await migrate(store, { datasets });
  await recordChanges(store.pool);
  let offsetMs = 0;
  const clock: Clock = () => offsetClock(offsetMs)();
  const { rows } = await store.pool.query<{ id: string }>(`INSERT INTO workspaces (name) VALUES ('crash') RETURNING id`);
  const workspaceId = rows[0]!.id;
  const context = () => testContext({ store, catalogue, workspaceId }, { clock, actor: 'crash' });
  const collections: WorldCollection[] = [];
  for (const { instanceId: amcInstanceId, advertiserTypes } of [...SANDBOX_INSTANCES, ...SANDBOX_UNLISTED_INSTANCES]) {
    const { id } = await insertInstance({ store, workspaceId } as CollectDatabase, {
      amcInstanceId,
      advertiserTypes: [...advertiserTypes],
      accountId: SANDBOX_ACCOUNT_ID,
      apiUrl: sandbox.url,
      tokenUrl: `${sandbox.url}/auth/o2/token`,
      timeZone: TIME_ZONE,
    });
    for (const dataset of datasets) {
      const collection = await createCollection(context(), { instance: amcInstanceId, dataset: dataset.dataset, weeks });
      collections.push({ id: collection.id, instance: { id, amcInstanceId }, dataset });
    }
  }
  return {
    folder,
    postgres,
    databaseUrl,
    store,
    catalogue,
    workspaceId,
    context,
    collections,
    sandbox,
    async advance(days) {
      const answer = await fetch(`${sandbox.url}/sandbox/clock`, { method: 'POST', body: JSON.stringify({ advanceDays: days }) });
      if (!answer.ok) throw new Error(`The sandbox's clock did not move: ${await answer.text()}`);
      offsetMs += days * 86_400_000;
    },
    calendarOffsetMs: () => offsetMs,
    clock,
    async close() {
      await store.close();
      await sandbox.close();
      await postgres.destroy();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startSandboxProcess(): Promise<{ url: string; adminUrl: string; close(): Promise<void> }> {
  const child = fork(join(import.meta.dirname, 'sandbox-process.ts'), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`The sandbox ended (${code}).`);
  });
  failed.catch(() => undefined);
  const [addresses] = (await Promise.race([once(child, 'message'), failed])) as [{ url: string; adminUrl: string }];
  return {
    ...addresses,
    async close() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
