import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Column } from '../../catalogue/dataset.ts';
import type { CollectorError } from '../../../contract/error.ts';
import { copyBody, copyOptions } from '../../resultfile/copy.ts';
import { compareHeader, listed, quoted, tooManyAdded } from '../../resultfile/header.ts';
import { EXPECTED } from './copy-error.ts';
import type { MergeInput } from './input.ts';
import { isAboutTheFile, objectionOf, type Finding } from './refusal.ts';

type Contract = Pick<MergeInput, 'dataset' | 'parts'>;

/** What the headers of a result lack of the dataset's columns. Order does not matter, added columns are kept (added-columns.ts). */
export function checkHeaders({ dataset, parts }: Contract): Finding[] {
  const typeOf = (name: string): Column['type'] => dataset.columns.find((column) => column.name === name)!.type;
  const findings = parts.flatMap(({ header, name }): Finding[] => {
    const { missing, renamed, added, unusable, tooMany } = compareHeader(dataset.columns, header);
    const place = parts.length > 1 ? ` in ${name}` : '';
    return [
      ...missing.map((column) => ({
        rule: 'missing_column' as const,
        message: `Column ${quoted(column)} (${typeOf(column)}) is missing${place}${added.length > 0 ? `; unknown are ${listed(added)}` : ''}. A changed query needs a new dataset version.`,
        details: { column, expected: typeOf(column) },
      })),
      ...renamed.map(({ column, found }) => ({
        rule: 'renamed_column' as const,
        message: `Column ${quoted(column)} (${typeOf(column)}) is missing${place}, and ${quoted(found)} may be its new name. A changed query needs a new dataset version.`,
        details: { column, expected: typeOf(column), found },
      })),
      ...(unusable.length > 0
        ? [
            {
              rule: 'unusable_column' as const,
              message: `The header has columns${place} that cannot be told apart by name: ${listed(unusable)}.`,
              details: { columns: unusable.slice(0, 20) },
            },
          ]
        : []),
      ...(tooMany > 0
        ? [{ rule: 'unusable_column' as const, message: `There are${place} ${tooManyAdded(tooMany)}.`, details: { count: tooMany } }]
        : []),
    ];
  });
  // Parts of one result share their header, so the same drift is said once.
  const seen = new Set<string>();
  return findings.filter(({ rule, details }) => {
    const key = JSON.stringify([rule, details]);
    return !seen.has(key) && seen.add(key);
  });
}

/**
 * What is wrong with values that could not be staged. COPY stops at the first; a person who looks wants every column that changed,
 * with its type and an example. So the file is read once more, as text.
 * @param error what staging or checking threw; its sentence, which knows the line, stands for its column
 */
export async function explainValues(tx: pg.PoolClient, input: Contract, error: CollectorError): Promise<Finding[]> {
  const first = objectionOf(error);
  if (first.rule !== 'retyped_column') return [first];
  await tx.query('SAVEPOINT explaining');
  const retyped = await findRetyped(tx, input).catch((again: unknown) => {
    if (isAboutTheFile(again) || isDataError(again)) return [];
    throw again;
  });
  await tx.query('ROLLBACK TO SAVEPOINT explaining');
  return retyped.length === 0
    ? [first]
    : retyped.map((finding) =>
        finding.details?.column === first.details?.column
          ? { ...finding, message: withPlace(first, finding), details: { ...finding.details, ...first.details } }
          : finding,
      );
}

/** COPY says where it stopped; what is found when a column is looked at as a whole knows no place, and gets that of the first odd value. */
const withPlace = (first: Finding, { details }: Finding): string =>
  first.details?.line === undefined
    ? first.message.replace(/\.$/, ` (${String(details?.part)}, line ${String(details?.line)}).`)
    : first.message;

const AS_TEXT = 'file_as_text';

async function findRetyped(tx: pg.PoolClient, { dataset, parts }: Contract): Promise<Finding[]> {
  const places = dataset.columns.map((_, index) => `c${index}`);
  await tx.query(
    `CREATE TEMPORARY TABLE ${AS_TEXT} (${places.map((place) => `${place} text`).join(', ')}, part int, record int GENERATED ALWAYS AS IDENTITY) ON COMMIT DROP`,
  );
  for (const [number, part] of parts.entries()) {
    await tx.query(`ALTER TABLE ${AS_TEXT} ALTER COLUMN part SET DEFAULT ${number}`);
    const { order } = compareHeader(dataset.columns, part.header);
    // COPY wants a column for every field, also for those that nobody asks about here.
    const columns = order.map((index, at) => (index === undefined ? `added_${at}` : places[index]!));
    for (const name of columns.filter((column) => column.startsWith('added_')))
      await tx.query(`ALTER TABLE ${AS_TEXT} ADD COLUMN IF NOT EXISTS ${name} text`);
    await pipeline(
      copyBody(part),
      tx.query(
        copyFrom(`COPY ${AS_TEXT} (${columns.join(', ')}) FROM STDIN WITH (${copyOptions(part)}, FORCE_NULL (${columns.join(', ')}))`),
      ),
    );
  }
  const checked = dataset.columns.flatMap((column, index) => (column.type === 'string' ? [] : [{ column, place: places[index]! }]));
  const { rows } = await tx.query<Record<string, string | null>>(
    `SELECT count(*) AS rows, ${checked
      .map(({ column, place }) => {
        const bad = `FILTER (WHERE ${place} IS NOT NULL AND NOT ${isValid(column, place)})`;
        return `count(*) ${bad} AS bad_${place}, min(record) ${bad} AS first_${place}, count(${place}) AS values_${place}`;
      })
      .join(', ')} FROM ${AS_TEXT}`,
  );
  const counts = rows[0]!;
  const findings: Finding[] = [];
  for (const { column, place } of checked) {
    const bad = Number(counts[`bad_${place}`]);
    if (bad === 0) continue;
    const first = await readOdd(tx, place, Number(counts[`first_${place}`]));
    const found = first.value.slice(0, 80);
    const values = Number(counts[`values_${place}`]);
    const part = parts[first.part]!.name;
    findings.push({
      rule: 'retyped_column',
      message: `Column ${column.name} holds ${JSON.stringify(found)}, which is not ${EXPECTED[column.type]}, in ${bad} of ${values} values (first in ${part}, line ${first.line}).`,
      details: { column: column.name, expected: column.type, found, bad, values, part, line: first.line },
    });
  }
  return findings;
}

/** A value and its line in its part, the header being line 1: values that hold line breaks take several. */
async function readOdd(tx: pg.PoolClient, place: string, record: number): Promise<{ value: string; part: number; line: number }> {
  const { rows } = await tx.query<{ value: string; part: number; line: number }>(
    `SELECT odd.${place} AS value, odd.part,
            (SELECT 2 + count(*) + coalesce(sum(length(t::text) - length(replace(t::text, E'\\n', ''))), 0)
               FROM ${AS_TEXT} t WHERE t.part = odd.part AND t.record < odd.record)::int AS line
       FROM ${AS_TEXT} odd WHERE odd.record = $1`,
    [record],
  );
  return rows[0]!;
}

/** Whether a text can be staged as the column's type. CASE keeps the cast from values that it would fail on. */
export function isValid({ type }: Column, place: string): string {
  const valid = (as: string, and: string): string => `CASE WHEN pg_input_is_valid(${place}, '${as}') THEN ${and} ELSE false END`;
  switch (type) {
    case 'integer':
      return valid('numeric', `${place}::numeric = trunc(${place}::numeric) AND abs(${place}::numeric) <= 9223372036854775807`);
    case 'decimal':
      return valid('numeric', `${place}::numeric NOT IN ('NaN', 'Infinity', '-Infinity')`);
    case 'date':
      return valid('date', `isfinite(${place}::date)`);
    default:
      return valid('boolean', 'true');
  }
}

/** Class 22: about the data. */
const isDataError = (error: unknown): boolean => (error as { code?: string }).code?.startsWith('22') ?? false;
