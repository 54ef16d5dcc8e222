import type { Column, Dataset } from '../dataset.ts';
import { headersOf } from '../column-headers.ts';
import { storedName } from '../tables.ts';
import { reportRepeats, type Report } from './report.ts';

/** Columns that every fact or roll-up table has of its own (tables.ts). */
const OWN_COLUMNS = ['instance_id', 'week', 'bucket', 'row_key', 'day', 'extra'];
/** Words PostgreSQL takes as no column name, and its system columns. */
const RESERVED = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date ' +
    'current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from ' +
    'grant group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing ' +
    'primary references returning select session_user some symmetric system_user table then to trailing true union unique user using variadic ' +
    'when where window with authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like ' +
    'natural notnull outer overlaps right similar tablesample verbose tableoid xmin cmin xmax cmax ctid'
  ).split(' '),
);

const TYPES: Record<Column['role'], readonly Column['type'][]> = {
  key: ['string'],
  day: ['date'],
  week: ['date'],
  dimension: ['string'],
  currency: ['string'],
  filtered: ['boolean'],
  level: ['string'],
  measure: ['integer', 'decimal'],
  distinct: ['integer'],
};
/** Roles whose column may be the same in every row. */
const FIXED: readonly Column['role'][] = ['currency', 'key', 'dimension'];
const ONCE: readonly Column['role'][] = ['day', 'week', 'currency', 'filtered', 'level'];

/** What must hold between the columns of a dataset, and between them and its tables. */
export function checkColumns(dataset: Dataset, report: Report): void {
  const { columns } = dataset;
  reportRepeats(
    columns.map((column) => column.name),
    (index) => ['columns', index, 'name'],
    'column',
    report,
  );
  checkHeaders(columns, report);
  const stored = columns.map(storedName);
  stored.forEach((name, index) => {
    // The row's week is in every table anyway; the column that tells it is not stored.
    if (columns[index]!.role === 'week') return;
    const path = ['columns', index, columns[index]!.as === undefined ? 'name' : 'as'];
    const sameName = columns.findIndex((column) => column.name === columns[index]!.name) < index;
    if (stored.indexOf(name) < index && !sameName)
      report(path, `two columns would be stored as '${name}'; give one another name with 'as'`);
    if (OWN_COLUMNS.includes(name) && columns[index]!.role !== 'day')
      report(path, `'${name}' is a column of every table; store this one under another name with 'as'`);
    if (RESERVED.has(name)) report(path, `'${name}' is a word of SQL and no name for a column; store it under another name with 'as'`);
  });
  columns.forEach((column, index) => checkColumn(column, ['columns', index], report));
  for (const role of ONCE) {
    const [, ...more] = columns.flatMap((column, index) => (column.role === role ? [index] : []));
    for (const index of more) report(['columns', index, 'role'], `a dataset has one column of role '${role}' at most`);
  }
  if (!columns.some((column) => column.role === 'measure' || column.role === 'distinct')) {
    report(['columns'], "there is no number: give at least one column the role 'measure' or 'distinct'");
  }
  checkMoney(columns, report);
  checkWeek(dataset, report);
  checkDistinct(dataset, report);
}

function checkColumn(column: Column, path: (string | number)[], report: Report): void {
  const types = TYPES[column.role];
  if (!types.includes(column.type))
    report([...path, 'type'], `a column of role '${column.role}' has type ${types.join(' or ')}, not ${column.type}`);
  if (column.unit !== undefined && column.role !== 'measure')
    report([...path, 'unit'], `only a measure has a unit, and this column has role '${column.role}'`);
  if (column.value !== undefined && !FIXED.includes(column.role))
    report([...path, 'value'], `only a column of role ${FIXED.join(', ')} may have one value in every row`);
  if (column.value !== undefined && column.header !== undefined)
    report([...path, 'value'], 'a column that files have has no fixed value; remove value, or header');
  if (column.value !== undefined && column.role === 'currency' && !/^[A-Z]{3}$/.test(column.value))
    report([...path, 'value'], 'write a currency as its ISO code, such as EUR');
  if (column.role === 'day' && column.as !== undefined) report([...path, 'as'], "the day is stored as 'day' always; remove 'as'");
  for (const role of ['currency', 'filtered'] as const) {
    if (column.role === role && storedName(column) !== role)
      report([...path, 'as'], `the column of role '${role}' is stored as '${role}': add "as: ${role}"`);
    if (column.role !== role && storedName(column) === role)
      report([...path, 'role'], `the name '${role}' belongs to the column of role '${role}'`);
  }
}

/** One header that stands for two columns could be matched with neither. */
function checkHeaders(columns: readonly Column[], report: Report): void {
  columns.forEach((column, index) => {
    for (const header of [column.header ?? []].flat()) {
      const twin = columns.find(
        (other, at) => at !== index && headersOf(other).some((each) => each.toLowerCase() === header.toLowerCase()),
      );
      if (twin !== undefined)
        report(['columns', index, 'header'], `'${header}' may be the column '${twin.name}' too; a header names one column`);
    }
  });
}

/** Rows know their week by their day, or by a column of their own; a longer window has neither. */
function checkWeek({ columns, window }: Dataset, report: Report): void {
  const index = columns.findIndex(({ role }) => role === 'week');
  if (index === -1) return;
  const path = ['columns', index, 'role'];
  if (columns.some(({ role }) => role === 'day')) report(path, "a row with a day has its week by it; remove the column of role 'week'");
  if (window !== 'week') report(path, `a file of a window of ${window} is named by its Monday; remove the column of role 'week'`);
  if (columns[index]!.as !== undefined) report(['columns', index, 'as'], "the row's week is stored as 'week' always; remove 'as'");
}

/** Money without a currency would be added across currencies. */
function checkMoney(columns: readonly Column[], report: Report): void {
  if (columns.some((column) => column.role === 'currency')) return;
  columns.forEach((column, index) => {
    if (column.unit !== undefined)
      report(['columns', index, 'unit'], "money needs a column of role 'currency' beside it, so that currencies are never added together");
  });
}

/** Distinct counts cannot be added: not over days, not over levels, and not by Amazon when it re-aggregates what it hides. */
function checkDistinct(dataset: Dataset, report: Report): void {
  const roleIndex = (role: Column['role']) => dataset.columns.findIndex((column) => column.role === role);
  const distinct = roleIndex('distinct');
  const level = roleIndex('level');
  if (distinct !== -1 && level === -1)
    report(['columns', distinct, 'role'], "a distinct count needs a column of role 'level' that says by which dimensions it counts");
  if (level !== -1 && dataset.levels === undefined)
    report(['levels'], "is missing: the column of role 'level' needs the dimensions of each of its values");
  if (dataset.levels !== undefined && level === -1) report(['levels'], "no column has the role 'level'");
  if (distinct === -1) return;
  const day = roleIndex('day');
  if (day !== -1)
    report(['columns', day, 'role'], 'a dataset with distinct counts has no day: people counted per day cannot be added to a week');
  if (dataset.sql?.filtered_column !== undefined) {
    report(['sql', 'filtered_column'], 'Amazon re-aggregates hidden rows with SUM, which falsifies distinct counts; remove it');
  }
}
