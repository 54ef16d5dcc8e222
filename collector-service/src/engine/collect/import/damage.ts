import type { Column, Dataset } from '../../../data/catalogue/dataset.ts';
import { factTable, storedName } from '../../../data/catalogue/tables.ts';
import { isInFile } from '../../../data/catalogue/column-headers.ts';
import { CollectorError } from '../../../contract/error.ts';
import type { Tx } from '../../../ground/database.ts';
import { RULES, type DamageRule } from './damage-rules.ts';
import { IMPORTED } from './statements.ts';
import type { TextFile } from './text-file.ts';

export interface DamageOptions {
  dataset: Dataset;
  instanceId: string;
  /** Leave out what a person may know better. */
  overrule: boolean;
}

interface Damage {
  column: Column;
  row: number;
  value: string;
  count: number;
  what: string;
  remedy: DamageRule['remedy'];
  arguable: boolean;
}

const REMEDIES: Record<DamageRule['remedy'], string> = {
  'as text':
    'Import the file as it was downloaded, without opening it in a spreadsheet; or bring the ids into the spreadsheet as text (Data > From Text/CSV, type Text for the column) and export again.',
  numbers: 'Export plain numbers: digits, a point before decimals, no separators, no signs (in a spreadsheet: format General or 0).',
  dates: 'Export dates as yyyy-mm-dd (in a spreadsheet: format the column as yyyy-mm-dd before saving it as CSV).',
};

/**
 * Refuses values of a loaded file that a spreadsheet has changed, and numbers that are none, before anything is made of them.
 * @throws CollectorError result_value naming every such column with a row, a value and how to export it
 */
export async function refuseDamage(tx: Tx, file: TextFile, { dataset, instanceId, overrule }: DamageOptions): Promise<void> {
  const found = await findDamage(tx, file, dataset, overrule);
  if (!overrule) found.push(...(await findLostZeros(tx, file, dataset, instanceId)));
  const [first] = found;
  if (first === undefined) return;
  const others = ({ count }: Damage): string => (count === 1 ? '' : ` and ${count - 1} more`);
  const each = found.map(
    (damage) =>
      `column ${damage.column.name} holds '${damage.value.slice(0, 40)}' (row ${damage.row}${others(damage)}; the header is row 1), ${damage.what}`,
  );
  const remedies = [...new Set(found.map(({ remedy }) => REMEDIES[remedy]))];
  const way = found.every(({ arguable }) => arguable) ? ' If the values are right as they are, add --overrule.' : '';
  throw new CollectorError('result_value', `${file.part.name}: ${each.join('; ')}. Nothing was imported. ${remedies.join(' ')}${way}`, {
    details: { part: file.part.name, column: first.column.name, row: first.row, value: first.value.slice(0, 80) },
  });
}

async function findDamage(tx: Tx, file: TextFile, { columns }: Dataset, overrule: boolean): Promise<Damage[]> {
  const found: Damage[] = [];
  for (const column of columns.filter(isInFile)) {
    const rules = RULES.filter((rule) => rule.applies(column) && !(overrule && rule.arguable));
    const damage = rules.length > 0 && (await firstDamage(tx, file.placeOf(column), column, rules));
    if (damage) found.push(damage);
  }
  return found;
}

/** What the first rule that finds something finds. Values are looked at once each, however often they stand in the file. */
async function firstDamage(tx: Tx, place: string, column: Column, rules: readonly DamageRule[]): Promise<Damage | undefined> {
  const asked = rules.map(({ is, onlyIf = 'true' }, index) => {
    const bad = `FILTER (WHERE ${typeof is === 'string' ? is : is(column)})`;
    return `sum(n) ${bad} AS count_${index}, min(record) ${bad} AS record_${index}, (${onlyIf}) AS valid_${index}`;
  });
  const { rows } = await tx.query<Record<string, string | number | boolean | null>>(
    `SELECT ${asked.join(', ')}
       FROM (SELECT ${place} AS v, min(record) AS record, count(*) AS n FROM ${IMPORTED} WHERE ${place} <> '' GROUP BY 1) AS different`,
  );
  const counts = rows[0]!;
  const index = rules.findIndex((_, at) => counts[`count_${at}`] !== null && counts[`valid_${at}`] === true);
  const rule = rules[index];
  if (rule === undefined) return undefined;
  const record = Number(counts[`record_${index}`]);
  const { remedy, arguable } = rule;
  const value = await readValue(tx, place, record);
  return { column, row: record + 1, value, count: Number(counts[`count_${index}`]), what: rule.what(column), remedy, arguable };
}

async function readValue(tx: Tx, place: string, record: number): Promise<string> {
  const { rows } = await tx.query<{ value: string }>(`SELECT ${place} AS value FROM ${IMPORTED} WHERE record = $1`, [record]);
  return rows[0]!.value;
}

/** Ids that are stored with zeros before them, and that the file has without: 0012345 became 12345. */
async function findLostZeros(tx: Tx, file: TextFile, dataset: Dataset, instanceId: string): Promise<Damage[]> {
  const found: Damage[] = [];
  for (const column of dataset.columns.filter((each) => isInFile(each) && (each.role === 'key' || each.role === 'dimension'))) {
    const place = file.placeOf(column);
    const name = storedName(column);
    const { rows } = await tx.query<{ value: string; known: string; record: number; count: number }>(
      `WITH ids AS (SELECT ${place} AS id, min(record) AS record, count(*)::int AS n FROM ${IMPORTED} WHERE ${place} ~ '^[1-9]\\d*$' GROUP BY 1),
            known AS (SELECT DISTINCT ${name} AS id FROM ${factTable(dataset)} WHERE instance_id = $1 AND ${name} ~ '^\\d+$' AND EXISTS (SELECT FROM ids))
       SELECT ids.id AS value, zeros.id AS known, ids.record, sum(ids.n) OVER ()::int AS count
         FROM ids JOIN known AS zeros ON zeros.id LIKE '0%' AND ltrim(zeros.id, '0') = ids.id
        WHERE NOT EXISTS (SELECT FROM known WHERE known.id = ids.id) ORDER BY ids.record LIMIT 1`,
      [instanceId],
    );
    const [lost] = rows;
    if (lost === undefined) continue;
    const what = `and the id is known as '${lost.known}': its zeros are lost`;
    found.push({ column, row: lost.record + 1, value: lost.value, count: lost.count, what, remedy: 'as text', arguable: true });
  }
  return found;
}
