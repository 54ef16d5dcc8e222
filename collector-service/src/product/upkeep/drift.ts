import type { PoolClient } from 'pg';
import type { ServedWeek } from './statements/served-weeks.ts';

/** How a table's rows of a week differ from what the stored file gives. */
export interface TableDrift {
  table: string;
  /** Rows that the file gives and the table lacks. */
  missing: number;
  changed: number;
  /** Rows that the file does not give. */
  surplus: number;
}

interface TableColumns {
  keys: string[];
  /** Every column that can be written. */
  all: string[];
}

const driftTable = (index: number): string => `drift_${index}`;

/**
 * Compares the week's rows of a table with those of its shadow. Equal means equal values (1.0 is 1.00), as in the merge. What differs is
 * kept by key in a temporary table of the index, for repair().
 */
export async function findDrift(tx: PoolClient, schema: string, table: string, index: number, week: ServedWeek): Promise<TableDrift> {
  const { keys, all } = await columnsOf(tx, schema, table);
  const others = all.filter((name) => !keys.includes(name));
  const drift = driftTable(index);
  await tx.query(
    `CREATE TEMPORARY TABLE ${drift} ON COMMIT DROP AS SELECT ${keys.join(', ')}, true AS is_served, true AS is_given FROM pg_temp.${table} LIMIT 0`,
  );
  await tx.query(
    `INSERT INTO ${drift} (${keys.join(', ')}, is_served, is_given)
     SELECT ${keys.map((name) => `coalesce(served.${name}, given.${name})`).join(', ')}, served.week IS NOT NULL, given.week IS NOT NULL
       FROM (SELECT * FROM ${schema}.${table} WHERE instance_id = $1 AND week = $2) AS served
       FULL JOIN pg_temp.${table} AS given ON ${keys.map((name) => `served.${name} = given.${name}`).join(' AND ')}
      WHERE ${['served.week IS NULL', 'given.week IS NULL', ...others.map((name) => `served.${name} IS DISTINCT FROM given.${name}`)].join(' OR ')}`,
    [week.instanceId, week.week],
  );
  const { rows } = await tx.query<Omit<TableDrift, 'table'>>(
    `SELECT count(*) FILTER (WHERE NOT is_served)::int AS missing, count(*) FILTER (WHERE is_served AND is_given)::int AS changed,
            count(*) FILTER (WHERE NOT is_given)::int AS surplus FROM ${drift}`,
  );
  return { table, ...rows[0]! };
}

/** Makes the table's rows of the week those of its shadow; only rows that differ are touched. */
export async function repair(tx: PoolClient, schema: string, table: string, index: number, week: ServedWeek): Promise<void> {
  const { keys, all } = await columnsOf(tx, schema, table);
  const same = (left: string, right: string): string => keys.map((name) => `${left}.${name} = ${right}.${name}`).join(' AND ');
  await tx.query(
    `DELETE FROM ${schema}.${table} AS served USING ${driftTable(index)} AS drift
      WHERE served.instance_id = $1 AND served.week = $2 AND drift.is_served AND ${same('served', 'drift')}`,
    [week.instanceId, week.week],
  );
  await tx.query(
    `INSERT INTO ${schema}.${table} (${all.join(', ')})
     SELECT ${all.map((name) => `given.${name}`).join(', ')}
       FROM pg_temp.${table} AS given JOIN ${driftTable(index)} AS drift ON ${same('given', 'drift')} WHERE drift.is_given`,
  );
}

async function columnsOf(tx: PoolClient, schema: string, table: string): Promise<TableColumns> {
  const { rows } = await tx.query<TableColumns>(
    `SELECT array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attnum = ANY (k.indkey)) AS keys,
            array_agg(quote_ident(a.attname) ORDER BY a.attnum) FILTER (WHERE a.attgenerated = '') AS all
       FROM pg_attribute a JOIN pg_index k ON k.indrelid = a.attrelid AND k.indisprimary
      WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped`,
    [`${schema}.${table}`],
  );
  return rows[0]!;
}
