import { invalid, SqlRejected, tooDeep } from './rejection.ts';

/** PostgreSQL's complaints about a query, by SQLSTATE and words, in Calcite's. None of PostgreSQL's own words may reach a user. */
const REASONS: readonly (readonly [pattern: RegExp, reason: (found: RegExpExecArray) => string])[] = [
  [/^column "(?:.*\.)?(.+?)" must appear in the GROUP BY clause/, ([, name]) => `Expression '${name}' is not being grouped`],
  [/^subquery uses ungrouped column "(?:.*\.)?(.+?)"/, ([, name]) => `Expression '${name}' is not being grouped`],
  [/^column reference "(.+?)" is ambiguous/, ([, name]) => `Column '${name}' is ambiguous`],
  [
    /^function (?:amc\.)?(\w+)\((.*)\) does not exist/,
    ([, name, types]) => `Cannot apply '${upper(name)}' to arguments of type '${upper(name)}(${typesOf(types)})'`,
  ],
  [
    /^operator does not exist: (.+?) (\S+) (.+)$/,
    ([, left, operator, right]) => `Cannot apply '${operator}' to arguments of type '${typesOf(left)} ${operator} ${typesOf(right)}'`,
  ],
  [
    /^argument of ([A-Z /]+?) must be type boolean/,
    ([, clause]) => `${clause === 'CASE/WHEN' ? 'WHEN' : clause} clause must be a condition`,
  ],
  [/types? .* (?:cannot be matched|and)/, () => 'Illegal mixing of types in CASE, COALESCE, UNION or VALUES'],
  [/^invalid input syntax for type \w+(?: \w+)*: "(.*)"/s, ([, value]) => `Invalid literal '${value}'`],
  [/^date\/time field value out of range: "(.*)"/s, ([, value]) => `Invalid literal '${value}'`],
  [/^numeric field overflow/, () => 'Value out of range'],
  [
    /^operator does not exist: (\S+) (.+)$/,
    ([, operator, operand]) => `Cannot apply '${operator}' to arguments of type '${operator} ${typesOf(operand)}'`,
  ],
  [/^cannot determine (?:element )?type of empty array|^could not determine polymorphic type/, () => 'Require at least 1 argument'],
  [/^multidimensional arrays must have/, () => 'Parameters must be of the same type'],
  [/^invalid escape (?:string|sequence)/, () => 'Invalid escape character'],
  [/^invalid regular expression/, () => 'Invalid regular expression'],
  [/calls cannot contain (?:set-returning|window) function calls/, () => 'Aggregate expressions cannot be nested'],
  [/^subquery has too (?:many|few) columns/, () => 'Values passed to IN operator must have compatible types'],
  [/^non-integer constant in GROUP BY/, () => 'Ordinal out of range'],
  [/^window "(.+)" does not exist/, ([, name]) => `Window '${name}' not found`],
  [/^subquery must return only one column/, () => 'Cannot apply a sub-query with several columns as a value'],
  [/out of range/, () => 'Value out of range'],
  [/^set-returning functions are not allowed in (\w+)/, ([, clause]) => `Table function is not allowed in ${clause}`],
  [/^window functions are not allowed in (\w+)/, ([, clause]) => `Windowed aggregate expression is illegal in ${clause} clause`],
  [/^aggregate functions are not allowed in (.+)$/, ([, clause]) => `Aggregate expression is illegal in ${clause}`],
  [/^GROUP BY position (\d+) is not in select list/, () => 'Ordinal out of range'],
  [/^cannot cast type/, () => 'Cast function cannot convert these types'],
];

const upper = (name: string | undefined): string => (name ?? '').toUpperCase();

// prettier-ignore
const CALCITE: Record<string, string> = {
  text: 'VARCHAR', unknown: 'VARCHAR', bigint: 'BIGINT', integer: 'INTEGER', numeric: 'DECIMAL', boolean: 'BOOLEAN', date: 'DATE', jsonb: 'ROW',
  'timestamp without time zone': 'TIMESTAMP', 'double precision': 'DOUBLE', interval: 'INTERVAL', bytea: 'BINARY',
};
const typesOf = (names: string | undefined): string =>
  (names ?? '')
    .split(/,\s*/)
    .filter(Boolean)
    .map((name) => `<${CALCITE[name] ?? (name.endsWith('[]') ? 'ARRAY' : 'ANY')}>`)
    .join(', ');

/** SQLSTATEs of a query that is wrong, as against a database in trouble. */
const WRONG_QUERY = /^(42|22|0A|21|54)/;

/** What PostgreSQL said when it planned the query, as Amazon's reason to reject it; anything else is the sandbox's own trouble. */
export function rejectionOf(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (error instanceof SqlRejected || !WRONG_QUERY.test(code)) return error;
  if (code === '54001') return tooDeep();
  const message = error instanceof Error ? error.message : String(error);
  for (const [pattern, reason] of REASONS) {
    const found = pattern.exec(message);
    if (found) return invalid(reason(found));
  }
  return invalid('The query cannot be planned');
}

/** Why a checked query failed on a row it met, without a word of PostgreSQL's. */
export function failureOf(error: unknown): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (code === '57014') return new Error('Execution timed out: the query took longer than the sandbox allows');
  if (code === '53400' || code === '53100' || code === '53200')
    return new Error('Execution failed: the query needs more space than the sandbox allows');
  if (code === '2201B') return new Error('Execution failed: Invalid regular expression');
  if (code === '21000') return new Error('Execution failed: more than one value in a scalar sub-query');
  if (/^22/.test(code)) return new Error('Execution failed: a value is out of the range of its type');
  return /^(42|54|0A)/.test(code) ? new Error('Execution failed: the query could not be computed') : error;
}
