import { CollectorError } from '../../contract/error.ts';
import { ianaTimeZone } from '../../contract/time-zone.ts';
import { onOneLine, splitSql } from './single-line.ts';
import type { Dataset } from './dataset.ts';
import { levelColumn, levelsOf, type Level } from './levels.ts';
import { storedName } from './tables.ts';

export interface SqlSettings {
  /** IANA name of the zone in which days are made. */
  readonly timeZone: string;
  /** As Amazon lists them for the instance: DISPLAY, SPONSORED_ADS, SAS. */
  readonly advertiserTypes: readonly string[];
  /** ISO 4217 codes that the instance's advertisers use. */
  readonly currencies: readonly string[];
}

type Part = NonNullable<Dataset['sql']>['parts'][string][number];

/**
 * The query to send to Amazon for one instance: one line, the same for every week (only the window differs), the same on every
 * machine. Parts of other advertiser types are left out; a part with {{level_columns}} is repeated per level, one with a currency column
 * per currency.
 * @throws CollectorError config_invalid when the dataset is only imported, when nothing of it applies to the instance or a setting is no such thing
 */
export function datasetSql(dataset: Dataset, settings: SqlSettings): string {
  const { sql } = dataset;
  if (sql === undefined) throw onlyImported(dataset);
  const zone = ianaTimeZone(settings.timeZone);
  if (zone === null) throw unusable(`'${settings.timeZone}' is no IANA time zone; write one such as America/Los_Angeles`);
  const wrong = settings.currencies.find((currency) => !/^[A-Z]{3}$/.test(currency));
  if (wrong !== undefined) throw unusable(`'${wrong}' is no currency code; write one such as USD`);
  const currencies = [...new Set(settings.currencies)].sort();

  const text = sql.template
    .replace(/\{\{parts\.([a-z0-9_]+)\}\}/g, (_, group: string) =>
      partsSql(dataset, sql.parts[group] ?? [], settings.advertiserTypes, currencies),
    )
    // The name is proven harmless by ianaTimeZone(): letters, digits and _+-/ only; it stands inside the SQL's own quotes.
    .replaceAll('{{time_zone}}', zone);
  const { pieces, problem } = splitSql(text);
  if (problem !== null) throw unusable(`The SQL of dataset ${dataset.dataset} ${problem}`);
  return onOneLine(pieces);
}

/** The advertiser types of which an instance needs one, when it has none of them, so that a list of parts is left empty; null when it fits. */
export function typesLacking({ sql }: Dataset, advertiserTypes: readonly string[]): string[] | null {
  const empty = Object.values(sql?.parts ?? {}).find((parts) => partsFor(parts, advertiserTypes).length === 0);
  return empty === undefined ? null : typesOf(empty);
}

const partsFor = (parts: readonly Part[], advertiserTypes: readonly string[]): Part[] =>
  parts.filter((part) => part.when === undefined || advertiserTypes.includes(part.when));
const typesOf = (parts: readonly Part[]): string[] => [...new Set(parts.flatMap((part) => part.when ?? []))];

function partsSql(dataset: Dataset, parts: readonly Part[], advertiserTypes: readonly string[], currencies: readonly string[]): string {
  const needed = typesOf(parts);
  if (needed.length > 0 && advertiserTypes.length === 0) {
    throw unusable(
      `Dataset ${dataset.dataset} depends on the instance's advertiser types, and none are known: run collector check to read them from Amazon`,
    );
  }
  const chosen = partsFor(parts, advertiserTypes);
  if (chosen.length === 0) {
    throw unusable(
      `Dataset ${dataset.dataset} needs an instance with advertisers of type ${needed.join(' or ')}, and this one has ${advertiserTypes.join(', ')}: choose another dataset or add advertisers to the instance`,
    );
  }
  return chosen
    .flatMap((part) => repeatForLevels(dataset, part))
    .flatMap((part) => repeatForCurrencies(part, currencies))
    .join(' UNION ALL ');
}

export const usesLevels = ({ sql }: Part): boolean => sql.includes('{{level_columns}}');

/** A level's rows name it, and hold NULL in the columns that it is not added up by. */
function repeatForLevels(dataset: Dataset, part: Part): Part[] {
  if (!usesLevels(part)) return [part];
  return levelsOf(dataset).map((level) => {
    const { columns, groups } = levelSql(dataset, level);
    return { ...part, sql: fill(part.sql, { level_columns: columns.join(', '), level_group: groups.join(', ') }) };
  });
}

function levelSql(dataset: Dataset, level: Level): { columns: string[]; groups: string[] } {
  const columns = [`'${level.name}' AS ${levelColumn(dataset).name}`];
  const groups: string[] = [];
  for (const column of dataset.columns) {
    const isDay = column.role === 'day';
    if (!isDay && column.role !== 'dimension') continue;
    const has = isDay ? level.by === 'day' : level.dimensions.includes(storedName(column));
    columns.push(has ? column.name : `CAST(NULL AS ${isDay ? 'DATE' : 'VARCHAR'}) AS ${column.name}`);
    if (has) groups.push(column.name);
  }
  return { columns, groups };
}

/**
 * A literal currency survives Amazon's privacy filter (an output column that is NULLed would let money of several currencies be
 * summed into one row), so every known currency has a part of its own; the last one takes what is left, by the column itself.
 */
function repeatForCurrencies(part: Part, currencies: readonly string[]): string[] {
  const column = part.currency_column;
  if (column === undefined) return [part.sql];
  const list = currencies.map((currency) => `'${currency}'`).join(', ');
  const rest =
    currencies.length === 0 ? `(${column} IS NULL OR ${column} IS NOT NULL)` : `(${column} IS NULL OR ${column} NOT IN (${list}))`;
  return [
    ...currencies.map((currency) =>
      fill(part.sql, { currency: `'${currency}'`, currency_filter: `${column} = '${currency}'`, currency_group: '' }),
    ),
    fill(part.sql, { currency: column, currency_filter: rest, currency_group: `, ${column}` }),
  ];
}

const fill = (sql: string, values: Record<string, string>): string =>
  Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{{${key}}}`, () => value), sql);

/** The refusal to collect what has no query. */
export const onlyImported = ({ dataset }: Pick<Dataset, 'dataset'>): CollectorError =>
  unusable(
    `Dataset ${dataset} has no SQL, so Amazon cannot be asked for it: it is only imported (collector import --dataset ${dataset} FILE). To collect it, give its file a key sql and a new version`,
  );

const unusable = (message: string) => new CollectorError('config_invalid', message, { status: 400 });
