import { didYouMean } from '../nearest.ts';
import { splitSql } from '../single-line.ts';
import type { Dataset } from '../dataset.ts';
import { hasWholeLevels } from '../levels.ts';
import type { Path } from '../mistake.ts';
import { reportRepeats, type Report } from './report.ts';

const CURRENCY = ['currency', 'currency_filter', 'currency_group'];
const LEVEL = ['level_columns', 'level_group'];
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** What must hold of the SQL before any instance is known: placeholders, parts, and that it can be put on one line. */
export function checkSql(dataset: Dataset, report: Report): void {
  if (dataset.sql === undefined) return checkImported(dataset, report);
  const { template, parts, filtered_column: filtered } = dataset.sql;
  const groups = Object.keys(parts);
  const used = checkText(template, ['sql', 'template'], [...groups.map((group) => `parts.${group}`), 'time_zone'], report);
  for (const group of groups) {
    if (!used.has(`parts.${group}`))
      report(['sql', 'parts', group], `the template never uses these parts: write {{parts.${group}}} where they belong`);
    const list = parts[group]!;
    reportRepeats(
      list.map((part) => part.name),
      (index) => ['sql', 'parts', group, index, 'name'],
      'part',
      report,
    );
    list.forEach((part, index) => checkPart(part, hasWholeLevels(dataset), ['sql', 'parts', group, index], report));
  }
  checkFiltered(dataset, filtered, report);
}

/** Without SQL nothing can be asked of Amazon, over whatever window. */
function checkImported({ also_windows: others }: Dataset, report: Report): void {
  if (others !== undefined) report(['also_windows'], 'a dataset without sql is only imported, and has the one window that its files cover');
}

function checkPart(part: NonNullable<Dataset['sql']>['parts'][string][number], hasLevels: boolean, path: Path, report: Report): void {
  const repeated = part.currency_column !== undefined;
  const known = ['time_zone', ...(repeated ? CURRENCY : []), ...(hasLevels ? LEVEL : [])];
  const used = checkText(part.sql, [...path, 'sql'], known, report);
  if (used.has('level_columns') !== used.has('level_group'))
    report([...path, 'sql'], 'a part uses both {{level_columns}} and {{level_group}}, or neither');
  if (!repeated) return;
  const missing = CURRENCY.filter((name) => !used.has(name));
  if (missing.length > 0) {
    report(
      [...path, 'sql'],
      `a part with a currency_column uses {{currency}}, {{currency_filter}} and {{currency_group}}; missing: ${missing.map((name) => `{{${name}}}`).join(', ')}`,
    );
  }
}

/** Checks one piece of SQL and returns the placeholders it uses. */
function checkText(sql: string, path: Path, known: readonly string[], report: Report): Set<string> {
  const used = new Set<string>();
  for (const [whole, name = ''] of sql.matchAll(PLACEHOLDER)) {
    used.add(name);
    if (known.includes(name)) continue;
    const hint = CURRENCY.includes(name)
      ? '; it needs a part with a currency_column'
      : LEVEL.includes(name)
        ? '; it needs levels with dimensions and by, and no distinct counts'
        : didYouMean(name, known) || `; known: ${known.map((each) => `{{${each}}}`).join(', ')}`;
    report(path, `unknown placeholder ${whole}${hint}`);
  }
  if (/\{\{|\}\}/.test(sql.replace(PLACEHOLDER, ''))) report(path, 'has {{ or }} without its other half');
  const { pieces, problem } = splitSql(sql);
  if (problem !== null) report(path, problem);
  if (pieces.some((piece) => piece.kind === 'code' && piece.text.includes('{{time_zone}}')))
    report(path, "{{time_zone}} stands in quotes: '{{time_zone}}'");
  if (pieces.some((piece) => piece.kind !== 'code' && /\{\{(?!time_zone\}\})/.test(piece.text)))
    report(path, 'only {{time_zone}} stands in quotes; the other placeholders bring their own');
  return used;
}

function checkFiltered(dataset: Dataset, filtered: string | undefined, report: Report): void {
  const index = dataset.columns.findIndex((column) => column.role === 'filtered');
  if (filtered === undefined && index !== -1) {
    report(['sql', 'filtered_column'], `is missing: Amazon sends the column '${dataset.columns[index]!.name}' only when it is asked to`);
  }
  if (filtered !== undefined && dataset.columns[index]?.name !== filtered) {
    report(['sql', 'filtered_column'], `needs a column '${filtered}' of type boolean and role 'filtered' among the columns`);
  }
}
