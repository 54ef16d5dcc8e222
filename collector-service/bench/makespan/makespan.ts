import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { createAmcClient } from '../../src/data/amc/client.ts';
import { addDays } from '../../src/ground/calendar/week.ts';
import { Catalogue } from '../../src/data/catalogue/catalogue.ts';
import type { Dataset } from '../../src/data/catalogue/dataset.ts';
import { DEFAULT_SETTINGS } from '../../src/engine/collect/settings.ts';
import { connectionLimiter } from '../../src/engine/collect/throttle.ts';
import { runWorker } from '../../src/engine/collect/worker.ts';
import { migrate } from '../../src/data/store/migrate.ts';
import type { Store } from '../../src/data/store/store.ts';
import type { Bench, PartResult } from '../part.ts';
import { atMost, times, whole } from '../table.ts';
import { lastWeeks } from '../weeks.ts';
import { idealMakespan } from './ideal.ts';
import { startScriptedAmc, type ScriptedAmc } from './scripted-amc.ts';

const WEEKS = 52;
const DATASETS = 5;
const SLOTS = 10;
/** Amazon's time passes so much faster. Our own work does not, so that its share appears so many times larger than it is. */
const TIME_FACTOR = 30;
const DEADLINE_MS = 30 * 60_000;

interface MakespanFigures {
  weeks: number;
  /** Seconds of Amazon's time. */
  seconds: number;
  idealSeconds: number;
  ratio: number;
  /** From an execution's end to the first question for its result, mean and longest; polls decide it. */
  noticedAfterSeconds: number;
  noticedAfterSecondsMost: number;
}

/** The real worker over a scripted Amazon whose durations are known, against an executor that loses no time. */
export async function benchMakespan(bench: Bench): Promise<PartResult> {
  bench.log(`${WEEKS} weeks of ${DATASETS} datasets over ${SLOTS} slots, Amazon's time ${TIME_FACTOR} times as fast …`);
  const datasets = Array.from({ length: DATASETS }, (_, index) => datasetOf(bench.dataset, index));
  const { store } = await bench.openDatabase('makespan');
  const amc = await startScriptedAmc(TIME_FACTOR);
  try {
    await migrate(store, { datasets: [...bench.datasets, ...datasets] });
    await planWeeks(store, datasets, amc.url);
    const realMs = await collectAll(bench, store, new Catalogue([...bench.datasets, ...datasets]), amc);
    const figures = figuresOf(amc, realMs);
    return {
      lines: [
        atMost(`${figures.weeks} weeks over ${SLOTS} slots against an ideal executor`, figures.ratio, 1.05, times),
        { what: '  Amazon’s time, ideal', reached: `${whole(figures.seconds / 60)} min, ${whole(figures.idealSeconds / 60)} min` },
        {
          what: '  from an execution’s end to asking for its result, mean and longest',
          reached: `${figures.noticedAfterSeconds.toFixed(1)} s, ${figures.noticedAfterSecondsMost.toFixed(1)} s`,
        },
      ],
      figures,
    };
  } finally {
    await amc.close();
    await store.close();
  }
}

/** Numbers of weeks with few rows jump by themselves, and a week that waits for a person ends no race. */
const datasetOf = (dataset: Dataset, index: number): Dataset => ({
  ...dataset,
  dataset: `dataset_${index + 1}`,
  quality: { ...dataset.quality, jump: { ...dataset.quality.jump, severity: 'warn' } },
});

function figuresOf(amc: ScriptedAmc, realMs: number): MakespanFigures {
  const durations = amc.sold.map(({ durationMs }) => durationMs);
  const idealMs = idealMakespan(durations, SLOTS);
  const noticed = amc.sold.map(({ createdAt, durationMs, fetchedAt }) => ((fetchedAt! - createdAt) * TIME_FACTOR - durationMs) / 1000);
  return {
    weeks: amc.sold.length,
    seconds: (realMs * TIME_FACTOR) / 1000,
    idealSeconds: idealMs / 1000,
    ratio: (realMs * TIME_FACTOR) / idealMs,
    noticedAfterSeconds: noticed.reduce((sum, seconds) => sum + seconds, 0) / noticed.length,
    noticedAfterSecondsMost: Math.max(...noticed),
  };
}

/** @returns real milliseconds from the worker's start to the end of the last week's merge */
async function collectAll(bench: Bench, store: Store, catalogue: Catalogue, amc: ScriptedAmc): Promise<number> {
  const logger = pino({ level: 'warn' }, pino.destination(2));
  const settings = { ...DEFAULT_SETTINGS, timeFactor: TIME_FACTOR, instanceLimit: SLOTS };
  const limiter = (connectionId: string) => connectionLimiter(store.pool, connectionId, { timeFactor: TIME_FACTOR });
  const { rows } = await store.pool.query<{ id: string }>('SELECT id::text FROM connections');
  const credentials = { clientId: 'bench', clientSecret: 'bench', refreshToken: 'bench' };
  const client = createAmcClient({ apiUrl: amc.url, tokenUrl: `${amc.url}/token`, ...credentials, logger, limiter: limiter(rows[0]!.id) });
  const stopping = new AbortController();
  const begun = performance.now();
  const clock = (): Date => new Date(`${addDays(lastWeeks(1)[0]!, 21)}T00:00:00Z`);
  const worker = runWorker(
    { store, catalogue, amc: () => Promise.resolve(client), clock, logger, spoolDirectory: join(bench.directory, 'makespan'), settings },
    stopping.signal,
  );
  try {
    await untilDone(store);
    return performance.now() - begun;
  } finally {
    stopping.abort();
    await worker;
    await client.close();
  }
}

async function untilDone(store: Store): Promise<void> {
  for (const deadline = performance.now() + DEADLINE_MS; performance.now() < deadline; await sleep(100)) {
    const { rows } = await store.pool.query<{ left: string; lost: string }>(
      `SELECT count(*) FILTER (WHERE state <> 'done') AS left, count(*) FILTER (WHERE state IN ('held', 'failed', 'skipped')) AS lost FROM week_runs`,
    );
    if (rows[0]!.lost !== '0') throw new Error(`${rows[0]!.lost} weeks were not collected.`);
    if (rows[0]!.left === '0') return;
  }
  throw new Error('The weeks were not collected in time.');
}

/** An instance with a validated collection of each dataset. */
async function planWeeks(store: Store, datasets: readonly Dataset[], apiUrl: string): Promise<void> {
  const weeks = lastWeeks(WEEKS);
  await store.pool.query(
    `WITH w AS (INSERT INTO workspaces (name) VALUES ('bench') RETURNING id),
          c AS (INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
                SELECT id, 'bench', $1, $1 || '/token', 'bench', 'none', '', '' FROM w RETURNING id, workspace_id)
     INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone)
     SELECT workspace_id, id, 'bench', 'Bench', 'ENTITY', 'ATVPDKIKX0DER', 'UTC' FROM c`,
    [apiUrl],
  );
  for (const { dataset, version } of datasets) {
    await store.pool.query(
      `WITH c AS (
         INSERT INTO report_data_collections (workspace_id, instance_id, dataset, dataset_version, name, first_week, last_week, workflow_id, sql_text, created_by, validated_at)
         SELECT workspace_id, id, $1, $2, $1, $3, $4, $1, 'SELECT 1', 'bench', now() FROM instances RETURNING id, instance_id)
       INSERT INTO week_runs (collection_id, instance_id, week)
       SELECT c.id, c.instance_id, week FROM c, unnest($5::date[]) AS week`,
      [dataset, version, weeks[0], weeks.at(-1), weeks],
    );
  }
}
