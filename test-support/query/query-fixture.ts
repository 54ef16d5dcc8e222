import { pino } from 'pino';
import { createMigratedDatabase, type TestDatabase } from '../database.ts';
import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import type { Dataset } from '@amc-reports/collector-service/data/catalogue/dataset.ts';
import { loadDatasets, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { levelCondition, hasWholeLevels, levelFor } from '@amc-reports/collector-service/data/catalogue/levels.ts';
import { tableGrains } from '@amc-reports/collector-service/data/catalogue/rollup-grains.ts';
import { factTable, rollupTable, storedName, UNKNOWN } from '@amc-reports/collector-service/data/catalogue/tables.ts';
import { metricQuerySchema, queryRequestSchema, type MetricQueryInput } from '@amc-reports/collector-service/contract/query.ts';
import { queryResponseSchema, type Frame, type QueryResponse } from '@amc-reports/collector-service/contract/frame.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore, type Store } from '@amc-reports/collector-service/data/store/store.ts';
import { levelRows } from './level-rows.ts';
import {
  ask,
  createQueryCache,
  responseOf,
  type QueryParts,
  type QueryScope,
  type Results,
  type ScopedInstance,
} from '@amc-reports/collector-service/engine/query/index.ts';

/** A fact row: only what matters; other texts are UNKNOWN, other numbers NULL, filtered false. */
export type FactRow = Record<string, string | number | boolean | null>;

export interface World {
  store: Store;
  deps: QueryParts;
  scope: QueryScope;
  /** The instance by its name. */
  instance(name: string): ScopedInstance;
  dataset(name: string): Dataset;
  /** A live collection over these Mondays. */
  collect(instance: string, dataset: string, firstWeek: string, lastWeek: string): Promise<void>;
  /** Makes these rows what is served of a week, with roll-ups, as a merge would; a second time bumps its data version. */
  serve(instance: string, dataset: string, week: string, rows: FactRow[]): Promise<void>;
  /** Asks one query and returns its frames; fails when the answer is an error. */
  ask(query: MetricQueryInput, from: string, to: string, options?: AskOptions): Promise<Frame[]>;
  /** Asks a batch and returns the numbers. */
  results(queries: MetricQueryInput[], from: string, to: string, options?: AskOptions): Promise<Results>;
  /** Asks a batch; the answer is checked against the contract. */
  askAll(queries: MetricQueryInput[], from: string, to: string, options?: AskOptions): Promise<QueryResponse>;
  close(): Promise<void>;
}

export interface AskOptions {
  instances?: string[];
  maxDataPoints?: number;
  scope?: QueryScope;
  deps?: Partial<QueryParts>;
  signal?: AbortSignal;
  timeZone?: string;
}

export const WORLD_NOW = '2026-03-25T12:00:00Z';

/** A database with the shipped datasets and nothing collected; instances are given by name and time zone. */
export async function createWorld(instances: Record<string, string>, given?: TestDatabase): Promise<World> {
  const database = given ?? (await createMigratedDatabase());
  const store = await openStore(database.url, { maxConnections: 4 });
  const datasets = await loadDatasets([SHIPPED_DATASETS]);
  await migrate(store, { datasets });
  const catalogue = new Catalogue(datasets);
  const logger = pino({ level: 'error' });
  const deps: QueryParts = { store, catalogue, clock: () => new Date(WORLD_NOW), cache: createQueryCache(), logger };
  const scope = await insertInstances(store, instances);
  const instance = (name: string): ScopedInstance => scope.instances.find((each) => each.name === name)!;
  const dataset = (name: string): Dataset => catalogue.findDataset(name);

  const results: World['results'] = async (queries, from, to, options = {}) => {
    const { instances: named, maxDataPoints, scope: other, deps: changed, signal, timeZone } = options;
    const request = queryRequestSchema.parse({
      from: Date.parse(from),
      to: Date.parse(to),
      ...(named !== undefined && {
        instances: named.map((name) => scope.instances.find((each) => each.name === name)?.amcInstanceId ?? name),
      }),
      ...(timeZone !== undefined && { timeZone }),
      ...(maxDataPoints !== undefined && { maxDataPoints }),
      queries: queries.map((query) => metricQuerySchema.parse(query)),
    });
    return ask({ ...deps, scope: other ?? scope, signal: signal ?? new AbortController().signal, ...changed }, request);
  };
  const askAll: World['askAll'] = async (...asked) => queryResponseSchema.parse(responseOf(await results(...asked)));
  return {
    store,
    deps,
    scope,
    instance,
    dataset,
    results,
    askAll,
    async ask(query, from, to, options) {
      const answers = await askAll([query], from, to, options);
      const result = answers.results[query.refId ?? 'A'];
      if (result?.frames === undefined) throw new Error(result?.error ?? 'no result');
      return result.frames;
    },
    collect: (name, datasetName, firstWeek, lastWeek) =>
      insertCollection(store, scope, instance(name), dataset(datasetName), firstWeek, lastWeek),
    serve: (name, datasetName, week, rows) => serveWeek(store, instance(name), dataset(datasetName), week, rows),
    async close() {
      await store.close();
      await database.drop();
    },
  };
}

async function insertInstances(store: Store, instances: Record<string, string>): Promise<QueryScope> {
  const one = async (text: string, values: unknown[]): Promise<string> =>
    (await store.pool.query<{ id: string }>(text, values)).rows[0]!.id;
  const workspaceId = await one(`INSERT INTO workspaces (name) VALUES ('test') RETURNING id`, []);
  const connectionId = await one(
    `INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
     VALUES ($1, 'test', 'http://localhost', 'http://localhost', 'client', 'key', '\\x00', '\\x00') RETURNING id`,
    [workspaceId],
  );
  const scoped: ScopedInstance[] = [];
  for (const [name, timeZone] of Object.entries(instances)) {
    const amcInstanceId = `amc${name.toLowerCase().replaceAll(/\W/g, '')}`;
    const id = await one(
      `INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone)
       VALUES ($1, $2, $3, $4, 'ENTITY1', 'ATVPDKIKX0DER', $5) RETURNING id`,
      [workspaceId, connectionId, amcInstanceId, name, timeZone],
    );
    scoped.push({ id, amcInstanceId, name, timeZone });
  }
  return { workspaceId, instances: scoped };
}

async function insertCollection(
  store: Store,
  scope: QueryScope,
  instance: ScopedInstance,
  { dataset, version }: Dataset,
  firstWeek: string,
  lastWeek: string,
): Promise<void> {
  await store.pool.query(
    `INSERT INTO report_data_collections (workspace_id, instance_id, dataset, dataset_version, name, first_week, last_week, workflow_id, sql_text, created_by)
     VALUES ($1, $2, $3, $4, 'test', $5, $6, 'workflow', 'SELECT 1', 'test')`,
    [scope.workspaceId, instance.id, dataset, version, firstWeek, lastWeek],
  );
}

async function serveWeek(store: Store, instance: ScopedInstance, dataset: Dataset, week: string, rows: FactRow[]): Promise<void> {
  await store.transaction(async (tx) => {
    await tx.query(`DELETE FROM ${factTable(dataset)} WHERE instance_id = $1 AND week = $2`, [instance.id, week]);
    const stored = dataset.columns.map((column) => ({ ...column, target: storedName(column) }));
    const numbers = stored.filter(({ role }) => role === 'measure' || role === 'distinct');
    const day = stored.find(({ role }) => role === 'day')?.target ?? 'NULL::date';
    const known = [...stored.map(({ target }) => target)];
    for (const [index, row] of levelRows(dataset, rows).entries()) {
      const strange = Object.keys(row).find((name) => name !== 'day' && !known.includes(name));
      if (strange !== undefined) throw new Error(`The fixture knows no column ${strange}`);
      const values = stored.map(
        ({ target, role }) =>
          row[role === 'day' ? 'day' : target] ??
          (role === 'filtered' ? false : role === 'day' || numbers.some((number) => number.target === target) ? null : UNKNOWN),
      );
      await tx.query(
        `INSERT INTO ${factTable(dataset)} (instance_id, week, row_key, ${known.join(', ')})
         VALUES ($1, $2, hashtextextended($3, 0), ${known.map((_, at) => `$${at + 4}`).join(', ')})`,
        [instance.id, week, `${week} ${index}`, ...values],
      );
    }
    for (const rollup of dataset.rollups) {
      for (const grain of tableGrains(dataset, rollup)) {
        const table = rollupTable(dataset, rollup, grain);
        const texts = [...rollup.dimensions, ...stored.filter(({ role }) => role === 'currency').map(({ target }) => target)];
        const keys = [...texts, ...stored.filter(({ role }) => role === 'filtered').map(({ target }) => target)];
        const sums = numbers.filter(({ role }) => role === 'measure').map(({ target }) => target);
        const bucket = { day, week: 'week', month: `date_trunc('month', coalesce(${day}, week)::timestamp)::date` }[grain];
        const level = levelFor(dataset, rollup.dimensions, grain === 'week' ? 'week' : 'day');
        const where = [
          levelCondition(dataset, level),
          ...(grain === 'day' ? [`${day} IS NOT NULL`] : []),
          ...(grain === 'month' && hasWholeLevels(dataset) ? [`date_trunc('month', week) <> date_trunc('month', week + 6)`] : []),
        ];
        await tx.query(`DELETE FROM ${table} WHERE instance_id = $1 AND week = $2`, [instance.id, week]);
        await tx.query(
          `INSERT INTO ${table} (instance_id, week, bucket, group_key, ${[...keys, ...sums].join(', ')})
           SELECT instance_id, week, ${bucket}, hashtextextended(row(${[...keys, bucket].join(', ')})::text, 0), ${[...keys, ...sums.map((name) => `coalesce(sum(${name}), 0)`)].join(', ')}
           FROM ${factTable(dataset)} WHERE instance_id = $1 AND week = $2 AND ${where.join(' AND ')}
           GROUP BY instance_id, week, ${[bucket, ...keys].join(', ')}`,
          [instance.id, week],
        );
      }
    }
    await tx.query(
      `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week, data_version, collected_at, row_count)
       VALUES ($1, $2, $3, $4, 1, $4::date::timestamp AT TIME ZONE 'UTC' + interval '9 days', $5)
       ON CONFLICT (instance_id, dataset, dataset_version, week) DO UPDATE
       SET data_version = report_data_weeks.data_version + 1, row_count = excluded.row_count, collected_at = excluded.collected_at`,
      [instance.id, dataset.dataset, dataset.version, week, rows.length],
    );
  });
}

/** Name, labels and values of every value field: what most tests look at. */
export const valuesOf = (frames: Frame[]): { name: string; labels: Record<string, string>; values: unknown[] }[] =>
  frames.flatMap(({ schema, data }) =>
    schema.fields.flatMap((field, index) =>
      field.type === 'number' ? [{ name: field.name, labels: field.labels ?? {}, values: data.values[index]! }] : [],
    ),
  );

/** Buckets of a time series frame as ISO days. */
export const daysOf = (frame: Frame | undefined): string[] =>
  (frame?.data.values[0] ?? []).map((time) => new Date(time as number).toISOString().slice(0, 10));

export const noticesIn = (frames: Frame[]): string[] => frames.flatMap(({ schema }) => (schema.meta.notices ?? []).map(({ text }) => text));

/** Rows of a table frame as objects by field name (and currency, when the field has one). */
export function tableRows(frame: Frame | undefined): Record<string, unknown>[] {
  if (frame === undefined) return [];
  const names = frame.schema.fields.map(({ name, labels }) => (labels?.currency === undefined ? name : `${name} ${labels.currency}`));
  return (frame.data.values[0] ?? []).map((_, row) =>
    Object.fromEntries(names.map((name, column) => [name, frame.data.values[column]?.[row]])),
  );
}
