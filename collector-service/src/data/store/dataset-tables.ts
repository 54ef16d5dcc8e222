import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { Dataset, Rollup, RollupGrain } from '../catalogue/dataset.ts';
import { factTable, rollupTable, storedName, storedType } from '../catalogue/tables.ts';
import { CollectorError } from '../../contract/error.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import { createReaderPolicy } from './reader-policy.ts';
import { READER_ROLE } from './reader-role.ts';
import { noteRowKeys, renewRowKeys } from './row-keys.ts';
import { rollupGrains, rollupTexts, tableShape } from './table-shape.ts';

/** PostgreSQL cuts longer names without a word, and two cut names may be one. */
const LONGEST_NAME = 63;

/**
 * Makes the tables of every dataset version that has none. To be called under the migration's lock.
 * @throws CollectorError config_invalid when what is stored of a dataset was changed without a new version, or a table's name is too long
 */
export async function createDatasetTables(db: pg.PoolClient, datasets: readonly Dataset[], logger?: Logger): Promise<void> {
  for (const dataset of datasets) {
    const sha256 = definitionHash(dataset);
    const known = await findDefinition(db, dataset);
    if (known === undefined) {
      checkNames(dataset);
      logger?.info({ dataset: dataset.dataset, version: dataset.version }, 'Creating the tables of a dataset.');
      await db.query('BEGIN');
      await insertDefinition(db, dataset, sha256);
      for (const statement of tableStatements(dataset)) {
        await db.query(statement);
        crashPoint('migrate.betweenTables');
      }
      for (const { rollup, grain } of rollupGrains(dataset)) await insertAggregate(db, dataset, rollup, grain);
      await noteRowKeys(db, dataset);
      await db.query('COMMIT');
    } else if (known !== sha256) {
      const message =
        `Dataset '${dataset.dataset}' was changed after its version ${dataset.version} got its tables. ` +
        `Give the changed file version: ${dataset.version + 1}; the old version's data stays.`;
      throw new CollectorError('config_invalid', message);
    } else {
      await updateDefinition(db, dataset);
    }
    await addExtraColumn(db, dataset);
    await renewRowKeys(db, dataset, logger);
    for (const statement of lookupStatements(dataset)) await db.query(statement);
  }
}

/** Versions that the database has tables of; none before its first migration. */
export async function datasetsHeld(db: Pick<pg.Pool, 'query'>): Promise<{ name: string; version: number }[]> {
  const { rows: known } = await db.query(`SELECT FROM pg_class WHERE oid = to_regclass('datasets')`);
  if (known.length === 0) return [];
  return (await db.query<{ name: string; version: number }>('SELECT name, version FROM datasets WHERE dropped_at IS NULL')).rows;
}

/** Of everything that decides what is stored. Titles, descriptions, metrics, lookups and what files call a column may change within a version. */
export const definitionHash = ({ window, sql, columns, levels, rollups }: Dataset): string =>
  createHash('sha256')
    .update(
      canonicalJson({
        window,
        sql,
        columns: columns.map(({ header: _, ...column }) => column),
        levels,
        rollups: rollups.map(({ lookups: _, ...rollup }) => rollup),
      }),
    )
    .digest('hex');

/** The order in which a YAML file happens to name its keys decides nothing. */
const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
      : inner,
  );

export { rollupGrains };

function checkNames(dataset: Dataset): void {
  const names = [factTable(dataset), ...rollupGrains(dataset).map(({ rollup, grain }) => rollupTable(dataset, rollup, grain))];
  const tooLong = names.find((name) => name.length > LONGEST_NAME);
  if (tooLong === undefined) return;
  const message = `The table '${tooLong}' would have a name of more than ${LONGEST_NAME} characters. Shorten the name of dataset '${dataset.dataset}' or of its roll-up.`;
  throw new CollectorError('config_invalid', message);
}

function tableStatements(dataset: Dataset): string[] {
  const rollups = rollupGrains(dataset).flatMap(({ rollup, grain }) => {
    const table = rollupTable(dataset, rollup, grain);
    return [rollupStatement(dataset, rollup, grain), ...hiddenStatements(table, dataset, rollup), ...protect(table)];
  });
  return [factStatement(dataset), ...protect(factTable(dataset)), ...rollups];
}

/** The key leads with the week, so that a week's merge and a range of weeks each touch one run of the index. */
function factStatement(dataset: Dataset): string {
  const shape = tableShape(dataset);
  return createTable(factTable(dataset), [
    'instance_id bigint NOT NULL',
    'week date NOT NULL',
    'row_key bigint NOT NULL',
    shape.day && `${shape.day} date`,
    ...shape.texts.map((name) => `${name} text NOT NULL`),
    shape.filtered && `${shape.filtered} boolean NOT NULL`,
    ...shape.numbers.map((column) => `${storedName(column)} ${storedType(column)}`),
    EXTRA_COLUMN,
    'PRIMARY KEY (instance_id, week, row_key)',
  ]);
}

/**
 * Half of each page of a roll-up stays free: a restated week changes most of its campaigns, and a row that finds room in its own page
 * needs no new entries in the table's indexes, which are three quarters of what an update costs.
 */
const ROLLUP_LAYOUT = 'WITH (fillfactor = 50)';

/**
 * The key leads with the bucket, which every question names a range of; the merge knows its week's buckets.
 * group_key is a hash of the dimensions: names themselves can be longer than an index row may be.
 */
function rollupStatement(dataset: Dataset, rollup: Rollup, grain: RollupGrain): string {
  const shape = tableShape(dataset);
  const columns = [
    'instance_id bigint NOT NULL',
    'week date NOT NULL',
    'bucket date NOT NULL',
    'group_key bigint NOT NULL',
    ...rollupTexts(shape, rollup).map((name) => `${name} text NOT NULL`),
    shape.filtered && `${shape.filtered} boolean NOT NULL`,
    ...shape.measures.map((column) => `${storedName(column)} ${storedType(column) === 'bigint' ? 'bigint' : 'numeric'} NOT NULL`),
    'PRIMARY KEY (instance_id, bucket, week, group_key)',
  ];
  return createTable(rollupTable(dataset, rollup, grain), columns, ROLLUP_LAYOUT);
}

/**
 * For questions about one campaign over a year: a few rows of hundreds of thousands. Indexes decide nothing about what is stored,
 * so a version's file may name more of them at any time; the name is a hash because the parts together are too long for one.
 */
const lookupStatements = (dataset: Dataset): string[] =>
  rollupGrains(dataset).flatMap(({ rollup, grain }) =>
    (rollup.lookups ?? []).map((dimension) => {
      const table = rollupTable(dataset, rollup, grain);
      const name = `lookup_${createHash('sha256').update(`${table} ${dimension}`).digest('hex').slice(0, 16)}`;
      return `CREATE INDEX IF NOT EXISTS ${name} ON ${table} (instance_id, ${dimension}, bucket)`;
    }),
  );

/** For the share that Amazon hides at a level of detail, which every breakdown states: few rows among many. */
const hiddenStatements = (table: string, dataset: Dataset, rollup: Rollup): string[] =>
  rollup.dimensions.length > 0 && tableShape(dataset).filtered ? [`CREATE INDEX ON ${table} (instance_id, bucket) WHERE filtered`] : [];

/** Readers see the rows of their scope. */
const protect = (table: string): string[] => [
  `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`,
  `ALTER TABLE ${table} FORCE ROW LEVEL SECURITY`,
  `CREATE POLICY owner_all ON ${table} TO CURRENT_USER USING (true) WITH CHECK (true)`,
  createReaderPolicy(table, 'plain'),
  `GRANT SELECT ON ${table} TO ${READER_ROLE}`,
];

/** What a file holds beyond the dataset's columns, by their names; tables made before there was such a column get it too. */
const EXTRA_COLUMN = 'extra jsonb';

/** Looked for first: also an ALTER TABLE that has nothing to do waits for every reader, a back-up among them, and makes others wait behind it. */
async function addExtraColumn(db: pg.PoolClient, dataset: Dataset): Promise<void> {
  const table = factTable(dataset);
  const { rows } = await db.query(`SELECT FROM pg_attribute WHERE attrelid = $1::regclass AND attname = 'extra'`, [table]);
  if (rows.length === 0) await db.query(`ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${EXTRA_COLUMN}`);
}

const createTable = (name: string, lines: (string | undefined)[], layout = ''): string =>
  `CREATE TABLE ${name} (\n  ${lines.filter((line) => line !== undefined).join(',\n  ')}\n) ${layout}`;

const findDefinition = async (db: pg.PoolClient, { dataset, version }: Dataset): Promise<string | undefined> =>
  (
    await db.query<{ sha256: string }>(
      'SELECT definition_sha256 AS sha256 FROM datasets WHERE name = $1 AND version = $2 AND dropped_at IS NULL',
      [dataset, version],
    )
  ).rows[0]?.sha256;

/** A version whose tables were dropped begins anew when its file is back; a second migrator of a living one fails at its first table. */
const insertDefinition = (db: pg.PoolClient, dataset: Dataset, sha256: string) =>
  db.query(
    `INSERT INTO datasets (name, version, definition, definition_sha256) VALUES ($1, $2, $3, $4)
     ON CONFLICT (name, version) DO UPDATE
       SET definition = excluded.definition, definition_sha256 = excluded.definition_sha256, dropped_at = NULL, created_at = now()
       WHERE datasets.dropped_at IS NOT NULL`,
    [dataset.dataset, dataset.version, JSON.stringify(dataset), sha256],
  );

const updateDefinition = (db: pg.PoolClient, dataset: Dataset) =>
  db.query('UPDATE datasets SET definition = $3 WHERE name = $1 AND version = $2 AND definition <> $3::jsonb', [
    dataset.dataset,
    dataset.version,
    JSON.stringify(dataset),
  ]);

const insertAggregate = (db: pg.PoolClient, dataset: Dataset, rollup: Rollup, grain: RollupGrain) =>
  db.query('INSERT INTO report_data_aggregates (table_name, dataset, dataset_version, rollup, grain) VALUES ($1, $2, $3, $4, $5)', [
    rollupTable(dataset, rollup, grain),
    dataset.dataset,
    dataset.version,
    rollup.name,
    grain,
  ]);
