import { SUPPRESSED } from '../../../data/catalogue/tables.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Measure } from './measure.ts';
import { Parameters, type Statement } from './parameters.ts';
import { isOfDataset, type Question } from '../ask/question.ts';
import { keptGroups } from './having.ts';
import { othersSelect } from './others.ts';
import { othersPlace, rankedCtes } from './ranking.ts';
import type { CellsPlan, Ranking } from './cells-plan.ts';
import { currencyCondition } from './account-condition.ts';
import { columnOf, groupsList, rowsOf } from './rows.ts';

/** One aggregated cell: the components of one group in one bucket and one currency. */
export interface Cell {
  /** Null when buckets are added to a total. */
  bucket: IsoDate | null;
  /** Stored values of the question's dimensions, in its order; our instance id for 'instance'. */
  group: string[];
  /** Null when the question needs no currencies. */
  currency: string | null;
  /** Whether a filter on the currency lets money of this cell through. */
  inCurrency: boolean;
  components: (number | null)[];
}

export interface CellsAnswer {
  cells: Cell[];
  /** Lists that the ranking cut, and how many groups (or rows) each has. Currency as stored; null where there is one list. */
  cuts: { currency: string | null; of: number }[];
}

/** Whether money has to be kept apart by currency. */
export const needsCurrency = (question: Question, measures: readonly Measure[]): boolean =>
  question.dataset.columns.some((column) => column.role === 'currency') &&
  (question.dimensions.includes('currency') || measures.some((measure) => measure.isMoney));

/**
 * The one statement behind numbers: aggregates a table to cells, ranks the groups and returns the cells of those that stay.
 * Ranking happens here and not in the process, so that a top ten over 100,000 campaigns sends ten rows; cells stay split
 * by currency, so that money is never added across currencies and counts are added over them afterwards.
 */
export function cellsStatement(plan: CellsPlan): Statement {
  const { question, components, ranking, byBucket, byCurrency } = plan;
  const parameters = new Parameters();
  const groupNames = question.dimensions.map((_, index) => `g${index + 1}`);
  const { from, bucket } = rowsOf(plan, parameters);
  const keys = [
    ...(byBucket ? [`${bucket} AS b`] : []),
    ...question.dimensions.map((name, index) => `${columnOf(question, name)} AS g${index + 1}`),
    ...(byCurrency ? ['currency AS c'] : []),
  ];
  const keyNames = [...(byBucket ? ['b'] : []), ...groupNames, ...(byCurrency ? ['c'] : [])];
  const inCurrency =
    byCurrency && question.currencyFilters.length > 0 ? currencyCondition(question.currencyFilters, parameters, 'c') : 'true';
  const select = [...keys, 'count(*) AS n', ...components.map(({ sql }, index) => `${sql} AS v${index + 1}`)];
  const cells = [
    `SELECT ${select.join(', ')}`,
    `FROM ${from}`,
    ...(keyNames.length > 0 ? [`GROUP BY ${keyNames.map((_, index) => index + 1).join(', ')}`] : []),
  ].join('\n');
  const output = [
    byBucket ? 'b::text' : 'NULL',
    byCurrency ? 'c' : 'NULL',
    inCurrency,
    ...groupNames.map((name) => `${name}::text`),
    ...components.map((_, index) => `v${index + 1}::float8`),
  ];
  const finish = (text: string): Statement => ({
    text,
    values: parameters.values,
    described: parameters.described,
    prepared: true,
  });
  const unit = [...(ranking?.byBucket === true ? ['b'] : []), ...groupNames];
  // A parameter that no text needs has no type.
  const tellsRest = ranking !== null || plan.rest === 'hide' || plan.having.length > 0 || plan.others;
  const isRestCell = tellsRest ? restCondition(plan, parameters) : null;
  const kept = keptGroups(plan, parameters, unit, isRestCell === null ? '' : ` WHERE NOT ${isRestCell}`);
  const ctes = [`WITH cells AS (\n${cells}\n)`, ...(kept === null ? [] : [`, kept AS (\n${kept}\n)`])];
  const passes = kept === null ? [] : [unit.length === 0 ? 'EXISTS (SELECT FROM kept)' : `(${unit.join(', ')}) IN (SELECT * FROM kept)`];
  if (ranking === null)
    return finish([...ctes, ...unranked(plan, parameters, { output, keyNames, inCurrency, isRestCell, passes })].join('\n'));
  const conditions = [...(isRestCell === null ? [] : [`NOT ${isRestCell}`]), ...passes];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const same = unit.map((name) => `ranked.${name} = cells.${name}`).join(' AND ');
  const beyond = [...conditions, `NOT EXISTS (SELECT FROM ranked WHERE ${same})`].join(' AND ');
  // Not in order: readCells has the places, and PostgreSQL would sort whole rows by their texts.
  return finish(
    [
      ...ctes,
      rankedCtes(plan, ranking, parameters, unit, { rest: isRestCell, where }),
      `SELECT ${['place::int', 'places::int', 'in_list::int', ...output].join(', ')}`,
      `FROM cells JOIN ranked USING (${unit.join(', ')})`,
      ...(plan.others ? ['UNION ALL', othersSelect(plan, parameters, inCurrency, String(othersPlace(plan, ranking)), beyond)] : []),
    ].join('\n'),
  );
}

interface Unranked {
  output: readonly string[];
  keyNames: readonly string[];
  inCurrency: string;
  isRestCell: string | null;
  passes: readonly string[];
}

/** All cells: of an answer without groups, or of what is compared with the groups shown; others are then all but those. */
function unranked(plan: CellsPlan, parameters: Parameters, { output, keyNames, inCurrency, isRestCell, passes }: Unranked): string[] {
  const { question, groups, others, rest } = plan;
  const fixed = ['0', 'NULL', 'NULL'];
  const conditions = ['n > 0', ...(isRestCell === null || rest === 'show' ? [] : [`NOT ${isRestCell}`]), ...passes];
  if (!others || groups === null)
    return [
      `SELECT ${[...fixed, ...output].join(', ')}`,
      `FROM cells WHERE ${conditions.join(' AND ')}`,
      `ORDER BY ${[...keyNames, '1'].join(', ')}`,
    ];
  const names = question.dimensions.map((_, index) => `g${index + 1}`).join(', ');
  const shown = `(${names}) IN (${groupsList(question, groups, parameters)})`;
  const beyond = ['n > 0', ...(isRestCell === null ? [] : [`NOT ${isRestCell}`]), `NOT ${shown}`].join(' AND ');
  const isShown = isRestCell === null ? shown : `(${shown} OR ${isRestCell})`;
  return [
    `SELECT ${[...fixed, ...output].join(', ')}`,
    `FROM cells WHERE ${[...conditions, isShown].join(' AND ')}`,
    'UNION ALL',
    othersSelect(plan, parameters, inCurrency, '0', beyond),
  ];
}

/** Whether a cell is of what Amazon hid: some name asked for is. It is no group, so it is never ranked. Null where nothing can be hidden. */
function restCondition({ question }: CellsPlan, parameters: Parameters): string | null {
  const names = question.dimensions.flatMap((name, index) => (isOfDataset(name) ? [`g${index + 1}`] : []));
  if (names.length === 0) return null;
  const hidden = parameters.bind(SUPPRESSED, 'text', 'hidden');
  return `(${names.map((name) => `${name} = ${hidden}`).join(' OR ')})`;
}

/** Whether a group of cells is what Amazon hid. */
export const isRest = (question: Question, group: readonly string[]): boolean =>
  question.dimensions.some((name, index) => isOfDataset(name) && group[index] === SUPPRESSED);

type CellRow = [
  /** Of what is ranked, from 1. */
  place: number,
  places: number | null,
  list: number | null,
  bucket: string | null,
  currency: string | null,
  inCurrency: boolean,
  ...rest: unknown[],
];
const FIXED_COLUMNS = 6;

/** Reads the rows of a cells statement. */
export function readCells(rows: readonly unknown[][], plan: Pick<CellsPlan, 'question' | 'ranking' | 'currencies'>): CellsAnswer {
  const typed = plan.ranking === null ? (rows as CellRow[]) : inPlaces(rows as CellRow[]);
  const numbersAt = FIXED_COLUMNS + plan.question.dimensions.length;
  return {
    cells: typed.map((row) => ({
      bucket: row[3],
      currency: row[4],
      inCurrency: row[5],
      group: row.slice(FIXED_COLUMNS, numbersAt) as string[],
      components: row.slice(numbersAt) as (number | null)[],
    })),
    cuts: plan.ranking === null ? [] : cutsOf(typed, plan.ranking, plan.currencies),
  };
}

function cutsOf(rows: readonly CellRow[], { limit }: Ranking, currencies: readonly string[]): CellsAnswer['cuts'] {
  const cuts = new Map<number, CellsAnswer['cuts'][number]>();
  for (const [, places, list] of rows) {
    if (places === null || list === null || places <= limit) continue;
    cuts.set(list, { currency: currencies.length > 1 ? (currencies[list - 1] ?? null) : null, of: places });
  }
  return [...cuts.entries()].sort(([a], [b]) => a - b).map(([, cut]) => cut);
}

/** In the order of what is ranked. Rows of one place differ in bucket or currency, which are told apart by name, in any order. */
function inPlaces(rows: readonly CellRow[]): CellRow[] {
  const places: CellRow[][] = [];
  for (const row of rows) (places[row[0] - 1] ??= []).push(row);
  return places.flat();
}
