import { createStory, FIRST_WEEK, LAST_WEEK } from '@amc-reports/test-support/query/story-fixture.ts';
import type { World } from '@amc-reports/test-support/query/query-fixture.ts';
import { kpiTable, readKpis } from './summary.ts';

let world: World;
beforeAll(async () => {
  world = await createStory();
});
afterAll(() => world.close());

const read = (first = FIRST_WEEK, last = LAST_WEEK) =>
  readKpis({ ...world.deps, scope: world.scope, signal: AbortSignal.timeout(20_000) }, first, last);

test('the summary has money once per currency, shares once, and a value for every week', async () => {
  const kpis = await read();
  expect(kpis.map(({ title }) => title)).toEqual([
    'Spend (EUR)',
    'Spend (USD)',
    'Sales (EUR)',
    'Sales (USD)',
    'ROAS (EUR)',
    'ROAS (USD)',
    'ACOS (EUR)',
    'ACOS (USD)',
    'CTR',
    'New-to-brand share',
  ]);
  expect(kpis[0]).toMatchObject({ unit: 'currency', currency: 'EUR', last4: 400, before4: 400, change: 0, year: 1400 });
  expect(kpis[0]!.weeks).toEqual(Array.from({ length: 14 }, () => 100));
  const [sales] = kpis.filter(({ title }) => title === 'Sales (USD)');
  // Sales rise by 10 a week: weeks 10 to 13 against 6 to 9.
  expect(sales).toMatchObject({ last4: 4 * 345.25 + 460, before4: 4 * 345.25 + 300 });
  expect(sales!.change).toBeCloseTo(160 / (4 * 345.25 + 300), 10);
  expect(kpiTable(kpis, 14)).toMatch(/Sales \(USD\) +\$1,841 +\$1,681 +\+9.5 % +\$5,744 +▁▂▂▃/);
});

test('where nothing was collected there is no KPI', async () => {
  expect(await read('2024-01-01', '2024-02-05')).toEqual([]);
});
