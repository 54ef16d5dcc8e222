import { storedName } from '../../../data/catalogue/tables.ts';
import { refusal } from '../ask/refusal.ts';
import type { Question } from '../ask/question.ts';
import { hasCurrency } from '../plan/accounts.ts';
import { memberOf } from '../plan/names.ts';
import type { Part } from '../plan/parts.ts';
import type { CellsPlan } from './cells-plan.ts';
import { accountConditions, currencyCondition } from './account-condition.ts';
import { bucketConditions, instanceCondition, levelConditions } from './conditions.ts';
import { dimensionCondition } from './dimension-condition.ts';
import type { Parameters } from './parameters.ts';

/**
 * The rows behind cells as SQL after FROM, and the bucket of each. One part is read as it is; several, which lie in several tables, are
 * put together first, with the columns that cells need.
 */
export function rowsOf(plan: CellsPlan, parameters: Parameters): { from: string; bucket: string } {
  const [only, ...more] = plan.parts;
  if (only === undefined) throw new Error('cells of no rows');
  if (more.length === 0) {
    return {
      from: `${only.source.table}\nWHERE ${conditionsOf(plan, only, parameters).join('\n  AND ')}`,
      bucket: bucketOf(plan, only, parameters),
    };
  }
  const columns = columnsNeeded(plan);
  const selects = plan.parts.map(
    (part) =>
      `SELECT ${[...columns, `${bucketOf(plan, part, parameters)} AS part_bucket`].join(', ')}\nFROM ${part.source.table}\nWHERE ${conditionsOf(plan, part, parameters).join('\n  AND ')}`,
  );
  return { from: `(\n${selects.join('\nUNION ALL\n')}\n) AS parts`, bucket: 'part_bucket' };
}

/** A row's bucket of the answer: the last that begins at or before the row's own. */
function bucketOf({ byBucket, buckets }: CellsPlan, { source, into }: Part, parameters: Parameters): string {
  if (into === null || !byBucket) return source.bucket;
  const starts = parameters.bind([...buckets], 'date[]', `${into.grain}s`);
  return `(${starts})[width_bucket(${source.bucket}, ${starts})]`;
}

function columnsNeeded({ question, components, byCurrency }: CellsPlan): string[] {
  const sums = components.flatMap(({ metric }) => (metric.kind === 'additive' ? metric.sum : [metric.distinct]));
  return [
    ...new Set([
      ...question.dimensions.map((name) => columnOf(question, name)),
      ...(byCurrency ? ['currency'] : []),
      ...sums.map((name) => `"${name}"`),
    ]),
  ];
}

function conditionsOf(plan: CellsPlan, part: Part, parameters: Parameters): string[] {
  const { question, groups } = plan;
  const conditions = [
    instanceCondition(
      parameters,
      question.instances.map((instance) => instance.id),
    ),
    ...bucketConditions(parameters, part.source, part.grain, part.buckets),
    ...levelConditions(parameters, part.source),
    ...question.filters.map((filter) => dimensionCondition(question, filter, parameters)),
  ];
  if (question.currencyFilters.length > 0 && hasCurrency(question.dataset)) {
    conditions.push(...accountConditions(question, parameters));
    // Split by currency, rows are those of a currency.
    if (question.dimensions.includes('currency')) conditions.push(currencyCondition(question.currencyFilters, parameters, 'currency'));
  }
  // Others are what is left of all groups.
  if (groups !== null && !plan.others) {
    const columns = question.dimensions.map((name) => columnOf(question, name));
    conditions.push(`(${columns.join(', ')}) IN (${groupsList(question, groups, parameters)})`);
  }
  return conditions;
}

/** Groups as rows of their dimensions. */
export function groupsList(question: Question, groups: readonly (readonly string[])[], parameters: Parameters): string {
  const lists = question.dimensions.map((name, index) =>
    parameters.bind(
      groups.map((group) => group[index]),
      name === 'instance' ? 'bigint[]' : 'text[]',
      `${name} of the rows shown`,
    ),
  );
  return `SELECT * FROM unnest(${lists.join(', ')})`;
}

/** The column whose values are a dimension's members. */
export function columnOf(question: Question, dimension: string): string {
  if (dimension === 'instance') return 'instance_id';
  if (dimension !== 'currency') return `"${memberOf(question.dataset, dimension)}"`;
  const column = question.dataset.columns.find(({ role }) => role === 'currency');
  if (column !== undefined) return storedName(column);
  throw refusal('no_answer', `Dataset '${question.dataset.dataset}' holds no money, so it cannot be grouped by currency.`);
}
