import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

/** Expressions as Amazon computes them, where PostgreSQL would compute otherwise; the values are worked out by hand. */
let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 3 });
});
afterAll(() => test.stop());

/** One row: a number, a zero, three texts, NULL, a day and a moment. */
const ROW = `WITH r(n, zero, digits, word, name, nothing, day, moment) AS (VALUES
  (7, 0, '12', 'abc', 'SP | Tents | Exact', CAST(NULL AS STRING), DATE '2026-03-08', TIMESTAMP '2026-03-08 23:30:15'))`;
const evaluate = async (expression: string) => {
  const result = await test.sql(
    `${ROW} SELECT ${expression} AS value, COUNT(*) AS rows FROM r GROUP BY n, zero, digits, word, name, nothing, day, moment`,
  );
  return result.statusReason ?? (result.files[0]?.split('\n')[1] ?? '').replace(/,1$/, '');
};

// prettier-ignore
const VALUES: [what: string, expression: string, value: string][] = [
  ['whole numbers divide to decimals', 'ROUND(n / 2, 2)', '3.50'],
  ['sums divide to decimals', 'ROUND(SUM(n) / COUNT(*) / 2, 1)', '3.5'],
  ['a zero denominator gives NULL', 'n / zero', ''],
  ['a remainder by zero is NULL too', 'n % zero', ''],
  ['brackets stay', '(n + 1) * 2 - (3 - 1)', '14'],
  ['a product of whole numbers outgrows 32 bits', 'n * 1000000000', '7000000000'],
  ['text in a sum is a number', "digits + 1", '13'],
  ['text that is no number is NULL in a sum', 'word + 1', ''],
  ['a sign', '-n', '-7'],
  ['text meets a number in a comparison', 'digits = 12', 'TRUE'],
  ['text is compared as the number it is', "digits > 9", 'TRUE'],
  ['text that is no number equals none', 'COALESCE(word = 12, FALSE)', 'FALSE'],
  ['a list may mix texts and numbers', "digits IN (11, '12')", 'TRUE'],
  ['NOT IN as well', "n NOT IN ('7', 8)", 'FALSE'],
  ['BETWEEN as well', "digits BETWEEN 10 AND '20'", 'TRUE'],
  ['a day meets a text', "day = '2026-03-08'", 'TRUE'],
  ['a moment meets a text', "moment < '2026-03-09'", 'TRUE'],
  ['CASE of texts and numbers gives text', "CASE WHEN n > 1 THEN n ELSE 'few' END", '7'],
  ['a simple CASE compares across types', "CASE digits WHEN 12 THEN 'twelve' END", 'twelve'],
  ['COALESCE of text and number gives text', "COALESCE(nothing, n)", '7'],
  ['GREATEST is NULL as soon as one is', 'GREATEST(n, CAST(NULL AS LONG))', ''],
  ['GREATEST and LEAST of what is known', 'GREATEST(n, 3) - LEAST(n, 3)', '4'],
  ['NULLIF across types', "NULLIF(digits, 12)", ''],
  ['a cast cuts off', 'CAST(2.9 AS INTEGER)', '2'],
  ['a cast of a negative number cuts off', 'CAST(-2.9 AS LONG)', '-2'],
  ['a cast of text that is no number is NULL', 'CAST(word AS INTEGER)', ''],
  ['a cast of text with a fraction cuts off', "CAST(CONCAT(digits, '.9') AS LONG)", '12'],
  ['a cast of text that is no day is NULL', 'CAST(word AS DATE)', ''],
  ['a cast of text to a day', "CAST(CONCAT('2026-03-', digits) AS DATE)", '2026-03-12'],
  ['a cast of a moment to a day', 'CAST(moment AS DATE)', '2026-03-08'],
  ['a truth value as a number', 'CAST(n > 1 AS INTEGER)', '1'],
  ['a number as a truth value', 'CAST(zero AS BOOLEAN)', 'FALSE'],
  ['an exact decimal', 'CAST(1 AS DECIMAL(38, 4))', '1.0000'],
  ["today is the sandbox's", "CAST('today' AS DATE)", '2026-03-20'],
  ["yesterday too", "CAST('yesterday' AS DATE)", '2026-03-19'],
  ['CURRENT_DATE is the same', 'CURRENT_DATE', '2026-03-20'],
  ['CURRENT_TIMESTAMP has its hour', 'EXTRACT(HOUR FROM CURRENT_TIMESTAMP)', '12'],
  ['a day and an interval make a day', "day + INTERVAL '7' DAY", '2026-03-15'],
  ['a moment less an interval', "CAST(moment - INTERVAL '30' MINUTE AS STRING)", '2026-03-08 23:00:15'],
  ['an interval in front', "INTERVAL '1' DAY + day", '2026-03-09'],
  ['DATE_TRUNC of a day', "DATE_TRUNC('WEEK', day)", '2026-03-02'],
  ['a day has hour zero', 'EXTRACT(HOUR FROM day)', '0'],
  ['LIKE is the whole text', "name LIKE 'SP%Exact'", 'TRUE'],
  ['NOT LIKE', "name NOT LIKE '%Lamps%'", 'TRUE'],
  ['a backslash in LIKE is itself', "name LIKE 'SP\\%'", 'FALSE'],
  ['LIKE with its own escape', "'50%' LIKE '50!%' ESCAPE '!'", 'TRUE'],
  ['SIMILAR TO finds a part', "name SIMILAR TO 'Tents'", 'TRUE'],
  ['SIMILAR TO knows anchors', "name SIMILAR TO '^Tents'", 'FALSE'],
  ['SIMILAR TO ignores case where asked', "name SIMILAR TO '(?i)TENTS|lamps'", 'TRUE'],
  ['NOT SIMILAR TO', "name NOT SIMILAR TO 'Lamps'", 'TRUE'],
  ['SIMILAR TO takes Java classes', "digits SIMILAR TO '^\\d{2}$'", 'TRUE'],
  ['SIMILAR TO takes a pattern put together', "name SIMILAR TO CONCAT('(?i)', 'tents')", 'TRUE'],
  ['an element of an array', "(ARRAY['a', 'b'])[2]", 'b'],
  ['no such element', "(ARRAY['a', 'b'])[3]", ''],
  ['a truth value is compared with 0 and 1', '(n = 7) = 1', 'TRUE'],
  ['NULL-safe comparison', 'nothing IS NOT DISTINCT FROM NULL', 'TRUE'],
  ['IS TRUE', '(n = 7) IS TRUE', 'TRUE'],
  ['a FILTER', 'SUM(n) FILTER (WHERE n > 8)', ''],
];
it.each(VALUES)('%s: %s', async (_what, expression, value) => {
  expect(await evaluate(expression)).toBe(value);
});

// prettier-ignore
const REFUSED: [what: string, expression: string, reason: string][] = [
  ['a day less a day', 'day - day', "SQL query was invalid. Cannot apply '-' to arguments of type '<DATE> - <DATE>'"],
  ['a day and a number', 'day + 7', "SQL query was invalid. Cannot apply '+' to arguments of type '<DATE> + <INTEGER>'"],
  ['a truth value in a sum', '(n = 7) + 1', "SQL query was invalid. Cannot apply '+' to arguments of type '<BOOLEAN> + <INTEGER>'"],
  ['a day as a number', 'CAST(day AS INTEGER)', 'SQL query was invalid. Cast function cannot convert value of type DATE to type INTEGER'],
  ['a comparison of a day and a number', 'day = 7', "SQL query was invalid. Cannot apply '=' to arguments of type '<DATE> = <INTEGER>'"],
  ['a literal that is no day', "day = 'soon'", "SQL query was invalid. Invalid literal 'soon'"],
  ['a zone that nobody knows', "CONVERT_TIME_ZONE_FROM_UTC(moment, 'Mars/Base')", 'Unknown time-zone ID: Mars/Base'],
  ['a unit that nobody knows', 'EXTRACT(FORTNIGHT FROM day)', "'FORTNIGHT' is not a valid time frame for EXTRACT"],
  ['a granularity that nobody knows', "DATE_TRUNC('CENTURY', day)", "Unsupported granularity 'CENTURY'. Supported: SECOND, MINUTE, HOUR, DAY, WEEK, MONTH, QUARTER, YEAR"],
  ['too few arguments', 'LEFT(word)', 'Invalid number of arguments to function LEFT. Was expecting 2 arguments'],
  ['too many', 'LOWER(word, word)', 'Invalid number of arguments to function LOWER. Was expecting 1 arguments'],
  ['an average of texts', 'AVG(word)', "SQL query was invalid. Cannot apply 'AVG' to arguments of type 'AVG(<VARCHAR>)'"],
  ['a brace that is not closed', "word SIMILAR TO '(a'", 'SQL query was invalid. Unclosed group near index 2 in the pattern (a'],
  ['|| for CONCAT', "word || 'x'", 'Unsupported scalar operation type ||'],
  ['a window function without OVER', 'RANK()', 'SQL query was invalid. OVER clause is necessary for window functions: RANK'],
  ['an aggregate in an aggregate', 'SUM(COUNT(*))', 'SQL query was invalid. Aggregate expressions cannot be nested'],
  ['an operator of PostgreSQL', "word ~ 'a'", 'Unsupported scalar operation type ~'],
  ['a number as a condition', 'CASE WHEN n THEN 1 END', 'SQL query was invalid. WHEN clause must be a condition'],
  ['a number that is asked whether it is true', 'n IS TRUE', 'SQL query was invalid. IS TRUE clause must be a condition'],
  ['a negative day', '-CURRENT_DATE', "SQL query was invalid. Cannot apply '-' to arguments of type '- <DATE>'"],
  ['a decimal that does not fit', 'CAST(12345.678 AS DECIMAL(5, 2))', 'SQL query was invalid. Value out of range'],
  ['an escape of two letters', "word LIKE 'a' ESCAPE 'ab'", 'SQL query was invalid. Invalid escape character'],
  ['a text as bytes', "FROM_VARBINARY(word, 'hex')", "SQL query was invalid. Cannot apply 'FROM_VARBINARY' to arguments of type 'FROM_VARBINARY(<VARCHAR>, <VARCHAR>)'"],
  ['a sum of ranks', 'SUM(ROW_NUMBER() OVER (ORDER BY n))', 'SQL query was invalid. Aggregate expressions cannot be nested'],
  ['a window that is not there', 'SUM(n) OVER w', "SQL query was invalid. Window 'w' not found"],
  ['AT TIME ZONE', "moment AT TIME ZONE 'UTC'", 'SQL query was invalid. From line 2, column 118 to line 2, column 125: No match found for function signature TIMEZONE'],
];
it.each(REFUSED)("is refused in Amazon's words: %s", async (_what, expression, reason) => {
  expect((await evaluate(expression)).replace(/From line \d+, column \d+ to line \d+, column \d+: /, '')).toBe(
    reason.replace(/From line \d+, column \d+ to line \d+, column \d+: /, ''),
  );
});

// prettier-ignore
const LACKING: [expression: string, what: string][] = [
  ["name SIMILAR TO word", 'SIMILAR TO with a pattern that differs from row to row'],
  ["name SIMILAR TO 'a*+'", 'possessive quantifiers in regular expressions'],
  ["name SIMILAR TO 'a{1,9999}'", 'more than 255 repetitions in regular expressions'],
  ["FORMAT(word, 'x')", 'FORMAT of anything but numbers and times'],
  ["PERCENTILE(n, 0.5) OVER (ORDER BY n)", 'PERCENTILE as a window function'],
];
it.each(LACKING)('what the sandbox cannot do it says in its own voice: %s', async (expression, what) => {
  expect(await evaluate(expression)).toBe(`The sandbox lacks ${what}. Amazon may run this query.`);
});
