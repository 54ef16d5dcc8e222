import type pg from 'pg';
import type { Dataset } from '../../catalogue/dataset.ts';
import { levelCondition } from '../../catalogue/levels.ts';
import { storedName } from '../../catalogue/tables.ts';
import { STAGED, storedNumber } from './expressions.ts';
import { PIECES } from './pieces.ts';
import type { Finding } from './refusal.ts';
import { readableNumber } from './total-lines.ts';
import { totalsLevel } from './totals.ts';
import { valueRules, type ColumnPair } from './value-rules.ts';

/** Events at the edges of a week belong to partners in the week before: a click after midnight to an impression before it. */
const EDGE = 10;

/** Rules about the values themselves. Of a week in which no row is suspicious by itself, only the pieces are read. */
export async function judgeValues(tx: pg.PoolClient, dataset: Dataset): Promise<Finding[]> {
  const { notNegative, pairs, needs } = valueRules(dataset);
  const pieces = await readPieces(tx, dataset, [...new Set(needs.flat())]);
  const suspects = pieces.suspicious ? await findSuspects(tx, dataset, notNegative, pairs) : [];
  return [
    ...(suspects.some((suspect) => suspect.negative) ? [await describeNegative(tx, dataset, notNegative)] : []),
    ...pairs.flatMap((pair, index) => exceeding(suspects, pair, index)),
    ...lacking(needs, pieces.sums),
  ];
}

interface PieceValues {
  suspicious: boolean;
  /** By column: of the whole week, hidden rows included. */
  sums: Record<string, string>;
}

async function readPieces(tx: pg.PoolClient, dataset: Dataset, names: readonly string[]): Promise<PieceValues> {
  const once = levelCondition(dataset, totalsLevel(dataset));
  const sums = names.map((name) => `coalesce(sum(${name}) FILTER (WHERE ${once}), 0)::text AS ${name}`);
  const { rows } = await tx.query<Record<string, string> & { piece_suspicious: boolean }>(
    `SELECT ${['coalesce(bool_or(piece_suspicious), false) AS piece_suspicious', ...sums].join(', ')} FROM ${PIECES.month}`,
  );
  const { piece_suspicious: suspicious, ...totals } = rows[0]!;
  return { suspicious, sums: totals };
}

/** Rows of one value of the key columns, which say where a row comes from, that hold something they should not. */
interface Suspect {
  key: string | null;
  negative: boolean;
  /** Sums of a pair in stored units, by the pair's place: over the rows that hold both. */
  [sum: `first_${number}` | `second_${number}`]: string | null;
}

/**
 * Finds numbers below 0, and pairs of which the first exceeds the second in the week's sums. Only rows that hold both of a pair are
 * added: traffic and conversions are rows of their own, and Amazon hides a row whole, so that what is hidden is missing on both sides.
 */
async function findSuspects(
  tx: pg.PoolClient,
  { columns }: Dataset,
  notNegative: readonly string[],
  pairs: readonly ColumnPair[],
): Promise<Suspect[]> {
  const keys = pairs.length === 0 ? [] : columns.filter(({ role }) => role === 'key' || role === 'level').map(storedName);
  const sumOf = (name: string, beside: string): string => {
    const column = columns.find((each) => storedName(each) === name)!;
    return storedNumber(column, `sum(${name}) FILTER (WHERE ${beside} IS NOT NULL)`).replace(/::bigint$/, '');
  };
  const sums = pairs.map(([first, second]) => ({ first: sumOf(first, second), second: sumOf(second, first) }));
  const negative = `coalesce(bool_or(${notNegative.map((name) => `${name} < 0`).join(' OR ') || 'false'}), false)`;
  const { rows } = await tx.query<Suspect>(
    `SELECT ${keys.length > 0 ? `concat_ws(', ', ${keys.join(', ')})` : 'NULL'} AS key, ${negative} AS negative
            ${sums.map(({ first, second }, index) => `, (${first})::text AS first_${index}, (${second})::text AS second_${index}`).join('')}
       FROM ${STAGED} ${keys.length > 0 ? `GROUP BY ${keys.join(', ')}` : ''}
     HAVING ${[negative, ...sums.map(({ first, second }) => `${first} > ${second} + ${EDGE}`)].join(' OR ')}`,
  );
  return rows;
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

const SHOWN = 5;

/** The keys of which the first of a pair exceeds the second most. */
function exceeding(suspects: readonly Suspect[], [first, second]: ColumnPair, index: number): Finding[] {
  return suspects
    .map((suspect) => ({ key: suspect.key, sums: [suspect[`first_${index}`] ?? '0', suspect[`second_${index}`] ?? '0'] as const }))
    .map((each) => ({ ...each, excess: Number(each.sums[0]) - Number(each.sums[1]) }))
    .filter(({ excess }) => excess > EDGE)
    .sort((left, right) => right.excess - left.excess)
    .slice(0, SHOWN)
    .map(({ key, sums }) => ({
      rule: 'impossible_values',
      message: `There are more ${first} (${readableNumber(Number(sums[0]))}) than ${second} (${readableNumber(Number(sums[1]))})${key === null ? '' : ` in rows of ${key}`}.`,
      details: { first, second, ...(key === null ? {} : { key }), sums: [...sums] },
    }));
}

/**
 * The first of a pair needs any of the second in the whole week, from whatever source: what Amazon hides in breakdowns is in the week's
 * hidden rows, so a sum of 0 means none at all.
 */
function lacking(pairs: readonly ColumnPair[], sums: Readonly<Record<string, string>>): Finding[] {
  const sum = (name: string): number => Number(sums[name]);
  return pairs
    .filter(([first, second]) => sum(first) > EDGE && sum(second) === 0)
    .map(([first, second]) => ({
      rule: 'impossible_values',
      message: `There are ${readableNumber(sum(first))} ${first} without any ${second}.`,
      details: { first, second, sums: [sums[first], sums[second]] },
    }));
}
