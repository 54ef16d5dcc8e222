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
