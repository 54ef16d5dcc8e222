import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';
import { ALL_FUNCTIONS } from './all.ts';

/** Every function's examples, over HTTP as a user sends them. */
let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 3 });
});
afterAll(() => test.stop());

const workflow = {
  inputParameters: [
    { name: 'brand', dataType: 'STRING', defaultValue: 'Kestrel' },
    { name: 'least', dataType: 'LONG', defaultValue: 42 },
  ],
};
/** Rows that an aggregate's examples are computed over. */
const ROWS = `WITH r(n, t) AS (VALUES (1, 'a'), (4, 'a'), (6, 'b'))`;

/** EXPLODE gives rows and no value, window functions need some: their tests stand below. */
const examined = ALL_FUNCTIONS.filter((known) => known.kind !== 'window' && known.name !== 'EXPLODE');

it.each(examined.map((known) => [known.name, known] as const))('%s gives what its examples say', async (_name, known) => {
  expect(known.examples.length).toBeGreaterThan(0);
  for (const [expression, expected] of known.examples) {
    const counted = known.kind === 'aggregate' ? `${expression} AS e` : `${expression} AS e, COUNT(*) AS n`;
    const result = await test.sql(`${ROWS} SELECT ${counted} FROM r`, { workflow });
    expect([expression, result.statusReason]).toEqual([expression, undefined]);
    const [, line = ''] = result.files[0]?.split('\n') ?? [];
    expect([expression, known.kind === 'aggregate' ? line : line.replace(/,3$/, '')]).toEqual([expression, expected]);
  }
});

it('names are given once', () => {
  const names = ALL_FUNCTIONS.flatMap((known) => [known.name, ...(known.aliases ?? [])]);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

/** The names on Amazon's pages of AMC SQL functions and expressions that are calls; the others are constructs (expressions/, queries/). */
// prettier-ignore
const DOCUMENTED = [
  'ABS', 'APPROX_PERCENTILE', 'ARRAY_CAT', 'ARRAY_COMPLEMENT', 'ARRAY_CONTAINS', 'ARRAY_DISTINCT', 'ARRAY_INTERSECT', 'ARRAY_REMOVE',
  'ARRAY_SORT', 'ARRAY_TO_STRING', 'ARRAY_UNION', 'AVG', 'BUILT_IN_PARAMETER', 'CARDINALITY', 'CEIL', 'CHARINDEX', 'COLLECT', 'CONCAT',
  'CONTAINED_IN', 'CONVERT_TIME_ZONE_FROM_UTC', 'COUNT', 'CUSTOM_PARAMETER', 'DATE_TRUNC', 'DAYOFMONTH', 'DAYOFWEEK', 'DENSE_RANK', 'E',
  'EPOCH_TO_UTC_TIMESTAMP', 'EXP', 'EXPLODE', 'EXTRACT', 'FLATTEN', 'FLOOR', 'FORMAT', 'FROM_VARBINARY', 'HASH64', 'HOUR', 'IF', 'IFNULL',
  'INSTR', 'JSON_EXTRACT', 'JSON_SERIALIZE', 'LEFT', 'LENGTH', 'LN', 'LOCATE', 'LOG', 'LOG10', 'LOWER', 'LTRIM', 'MAX', 'MD5', 'MEDIAN',
  'MIN', 'MINUTE', 'MONTH', 'NAMED_ROW', 'NVL', 'NVL2', 'PERCENTILE', 'POSITION', 'POWER', 'RANDOM', 'RANK', 'REGEXP_REPLACE',
  'REGEXP_SPLIT', 'REGEXP_SUBSTR', 'REPLACE', 'RIGHT', 'ROUND', 'ROW_NUMBER', 'RTRIM', 'SECOND', 'SECONDS_BETWEEN', 'SHA1', 'SKEWNESS',
  'SQRT', 'STDDEV', 'STDDEV_POP', 'STDDEV_SAMP', 'STRPOS', 'STR_TO_MAP', 'SUBSTRING', 'SUM', 'TO_VARBINARY', 'TRIM', 'TRUNC', 'UPPER',
  'UUID', 'VARIANCE', 'VAR_POP', 'VAR_SAMP', 'WEEK', 'YEAR',
];

it('has every function that Amazon documents, and says which others it has', () => {
  const names = (functions: typeof ALL_FUNCTIONS) => functions.flatMap((known) => [known.name, ...(known.aliases ?? [])]);
  const all = names(ALL_FUNCTIONS);
  expect(DOCUMENTED.filter((name) => !all.includes(name))).toEqual([]);
  expect(ALL_FUNCTIONS.filter((known) => !known.undocumented && !DOCUMENTED.includes(known.name)).map((known) => known.name)).toEqual([]);
  expect(ALL_FUNCTIONS.filter((known) => known.undocumented && DOCUMENTED.includes(known.name)).map((known) => known.name)).toEqual([]);
});
