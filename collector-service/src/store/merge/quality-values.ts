import type pg from 'pg';
import type { Dataset } from '../../catalogue/dataset.ts';
import { storedName } from '../../catalogue/tables.ts';
import { tableShape } from '../table-shape.ts';
import { STAGED, storedNumber } from './expressions.ts';
import { PIECES } from './pieces.ts';
import type { Finding } from './refusal.ts';
import { readableNumber } from './total-lines.ts';

/** Events at the edges of a week belong to partners in the week before: a click after midnight to an impression before it. */
const EDGE = 10;

/** Rules about the values themselves. One pass over the staged rows when all is well. */
export async function judgeValues(tx: pg.PoolClient, dataset: Dataset): Promise<Finding[]> {
  const { negative_values: negative, impossible_values: impossible } = dataset.quality;
  const mayBeNegative = new Set(negative.except);
  const numbers = tableShape(dataset).numbers.map(storedName);
  const checked = negative.severity === 'off' ? [] : numbers.filter((name) => !mayBeNegative.has(name));
  const pairs = impossible.severity === 'off' ? [] : impossible.at_most;
  const needs = impossible.severity === 'off' ? [] : impossible.needs;
  const findings: Finding[] = [];
  if (checked.length > 0 && (await hasNegative(tx, checked))) findings.push(await describeNegative(tx, dataset, checked));
  for (const pair of pairs) findings.push(...(await exceeding(tx, dataset, pair)));
  if (needs.length > 0) findings.push(...(await lacking(tx, needs)));
  return findings;
}

/** Stops at the first; a pass over 20,000 rows takes about 4 ms. */
async function hasNegative(tx: pg.PoolClient, names: readonly string[]): Promise<boolean> {
  const { rowCount } = await tx.query(`SELECT FROM ${STAGED} WHERE ${names.map((name) => `${name} < 0`).join(' OR ')} LIMIT 1`);
  return rowCount === 1;
}

async function describeNegative(tx: pg.PoolClient, { columns }: Dataset, names: readonly string[]): Promise<Finding> {
  const { rows } = await tx.query<Record<string, string | null>>(
    `SELECT ${names.map((name) => `count(*) FILTER (WHERE ${name} < 0) AS count_${name}, min(${name})::text AS least_${name}`).join(', ')} FROM ${STAGED}`,
  );
  const found = names.flatMap((name) => {
    const count = Number(rows[0]![`count_${name}`]);
    // The file's name and the file's number: what a person finds when looking for it.
    const column = columns.find((each) => storedName(each) === name)!.name;
    return count === 0 ? [] : [{ column, rows: count, least: rows[0]![`least_${name}`]! }];
  });
  const each = found.map(({ column, rows: count, least }) => `${column} in ${count} ${count === 1 ? 'row' : 'rows'} (least ${least})`);
  return { rule: 'negative_values', message: `Numbers below 0: ${each.join(', ')}.`, details: { columns: found } };
}

/**
 * The first of a pair may not exceed the second in the week's sums, within each value of the key columns: those say where a row comes
 * from. Only rows that hold both are added: traffic and conversions are rows of their own, and Amazon hides a row whole, so that what
 * is hidden is missing on both sides.
 */
async function exceeding(tx: pg.PoolClient, { columns }: Dataset, [first, second]: readonly [string, string]): Promise<Finding[]> {
  const keys = columns.filter(({ role }) => role === 'key' || role === 'level').map(storedName);
  const sumOf = (name: string, beside: string): string => {
    const column = columns.find((each) => storedName(each) === name)!;
    return storedNumber(column, `sum(${name}) FILTER (WHERE ${beside} IS NOT NULL)`).replace(/::bigint$/, '');
  };
  const sums = { first: sumOf(first, second), second: sumOf(second, first) };
  const { rows } = await tx.query<{ key: string | null; first: string; second: string }>(
    `SELECT ${keys.length > 0 ? `concat_ws(', ', ${keys.join(', ')})` : 'NULL'} AS key, (${sums.first})::text AS first, (${sums.second})::text AS second
       FROM ${STAGED} ${keys.length > 0 ? `GROUP BY ${keys.join(', ')}` : ''}
     HAVING ${sums.first} > ${sums.second} + ${EDGE} ORDER BY ${sums.first} - ${sums.second} DESC LIMIT 5`,
  );
  return rows.map((row) => ({
    rule: 'impossible_values',
    message: `There are more ${first} (${readableNumber(Number(row.first))}) than ${second} (${readableNumber(Number(row.second))})${row.key === null ? '' : ` in rows of ${row.key}`}.`,
    details: { first, second, ...(row.key === null ? {} : { key: row.key }), sums: [row.first, row.second] },
  }));
}

/**
 * The first of a pair needs any of the second in the whole week, from whatever source: what Amazon hides in breakdowns is in the week's
 * hidden rows, so a sum of 0 means none at all.
 */
async function lacking(tx: pg.PoolClient, pairs: readonly (readonly [string, string])[]): Promise<Finding[]> {
  const names = [...new Set(pairs.flat())];
  const { rows } = await tx.query<Record<string, string | null>>(
    `SELECT ${names.map((name) => `coalesce(sum(${name}), 0)::text AS ${name}`).join(', ')} FROM ${PIECES.month}`,
  );
  const sum = (name: string): number => Number(rows[0]![name]);
  return pairs
    .filter(([first, second]) => sum(first) > EDGE && sum(second) === 0)
    .map(([first, second]) => ({
      rule: 'impossible_values',
      message: `There are ${readableNumber(sum(first))} ${first} without any ${second}.`,
      details: { first, second, sums: [rows[0]![first], rows[0]![second]] },
    }));
}
