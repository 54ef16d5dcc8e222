import type { AmcQuery } from '../query';
import schema from '../schemas/query.json';
import { words } from '../words';
import { faultIn } from './json-fault';

/** What a query says, as JSON to read and write. What Grafana and the editor keep beside it is left out and put back. */
const APART = [
  'refId',
  'key',
  'datasource',
  'datasourceId',
  'hide',
  'version',
  'editorMode',
  'interpolated',
  'timeZone',
  'intervalMs',
  'maxDataPoints',
  'queryCachingTTL',
];

const isApart = (name: string): boolean => APART.includes(name) || name.startsWith('_');

export const toText = (query: AmcQuery): string =>
  JSON.stringify(
    part(query, (name) => !isApart(name)),
    null,
    2,
  );

/** A query as it was written, or where it cannot be read. Names that nobody knows are kept: they are said, not lost. */
export function fromText(text: string, query: AmcQuery): { query: AmcQuery } | { mistake: string } {
  let written: unknown;
  try {
    written = JSON.parse(text);
  } catch {
    return { mistake: whereIn(text) };
  }
  if (typeof written !== 'object' || written === null || Array.isArray(written)) {
    return { mistake: words('code.no-object', 'A query is an object: write it between { and }.') };
  }
  return { query: { ...part(written, (name) => !isApart(name)), ...part(query, isApart) } as AmcQuery };
}

/** Fields that neither the contract nor the editor knows. The collector refuses them by name. */
export const unknownFields = (query: AmcQuery): string[] =>
  Object.entries(query)
    .filter(([name, value]) => value !== undefined && !isApart(name) && !(name in schema.$defs.MetricQuery.properties))
    .map(([name]) => name);

const part = (from: object, keeps: (name: string) => boolean): object =>
  Object.fromEntries(Object.entries(from).filter(([name]) => keeps(name)));

function whereIn(text: string): string {
  const before = text.slice(0, faultIn(text));
  const lines = before.split('\n');
  return words('code.mistake', 'This is no JSON: look at line {{line}}, column {{column}}.', {
    line: lines.length,
    column: (lines.at(-1)?.length ?? 0) + 1,
  });
}
