import fc from 'fast-check';
import { CollectorError } from '../../../contract/error.ts';
import {
  campaignFile,
  campaignHeader,
  createMergeFixture,
  type FileRow,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';

/**
 * Random histories of deliveries against a model that is a map of maps: whatever is delivered in whatever order, cut, drifted or
 * repeated, what is served of a week is one accepted result, whole, and its roll-ups are its sums.
 */
const CASES = Number(process.env.MODEL_CASES ?? 60);
const WEEKS = ['2026-01-05', '2026-01-26', '2026-02-02'];
let fixture: MergeFixture;
beforeAll(async () => {
  fixture = await createMergeFixture();
});
afterAll(() => fixture.close());

/** A row of the model: its campaign names it. */
type Rows = Map<string, { impressions: number; clicks: number; day: number }>;
type Outcome = 'accepted' | 'refused';
type Step =
  | { kind: 'deliver' | 'restate'; week: number; rows: { campaign: number; impressions: number; clicks: number; day: number }[] }
  | { kind: 'redeliver' | 'reorder' | 'rename' | 'lose' | 'cut' | 'empty' | 'duplicate'; week: number; seed: number };

const row = fc.record({
  campaign: fc.integer({ min: 1, max: 12 }),
  impressions: fc.integer({ min: 10, max: 1_000_000 }),
  clicks: fc.integer({ min: 0, max: 9 }),
  day: fc.integer({ min: 0, max: 6 }),
});
const week = fc.nat({ max: WEEKS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('deliver', 'restate'),
      week,
      rows: fc.uniqueArray(row, { selector: (each) => each.campaign, minLength: 1, maxLength: 10 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('redeliver', 'reorder', 'rename', 'lose', 'cut', 'empty', 'duplicate'),
      week,
      seed: fc.nat({ max: 1_000 }),
    }),
  },
);

const lines = (monday: string, rows: Rows): FileRow[] =>
  [...rows].map(([campaign, { impressions, clicks, day }]) => ({
    campaign_id: campaign,
    campaign: `Campaign ${campaign}`,
    event_date: new Date(Date.parse(monday) + day * 86_400_000).toISOString().slice(0, 10),
    impressions: String(impressions),
    clicks: String(clicks),
  }));
const turned = <T>(list: T[], by: number): T[] => [...list.slice(by % list.length), ...list.slice(0, by % list.length)].reverse();

/** What the step delivers, and what must become of it where that is certain. */
function delivery(each: Step, monday: string, known: Rows): { file: string; rows: Rows; must?: Outcome; writesNothing?: boolean } {
  const same = lines(monday, known);
  const file = campaignFile(same);
  switch (each.kind) {
    case 'deliver': {
      const rows: Rows = new Map(each.rows.map(({ campaign, ...numbers }) => [String(campaign), numbers]));
      return { file: campaignFile(lines(monday, rows)), rows, ...(known.size === 0 && { must: 'accepted' }) };
    }
    case 'restate': {
      const rows: Rows = new Map(known);
      for (const { campaign, ...numbers } of each.rows) rows.set(String(campaign), numbers);
      return { file: campaignFile(lines(monday, rows)), rows, ...(known.size === 0 && { must: 'accepted' }) };
    }
    case 'redeliver':
      return { file, rows: known, must: 'accepted', writesNothing: true };
    case 'reorder':
      return { file: campaignFile(turned(same, each.seed)), rows: known, must: 'accepted', writesNothing: true };
    case 'rename':
      return { file: campaignFile(same, { header: campaignHeader.replace('clicks', 'klicks') }), rows: known, must: 'refused' };
    case 'lose':
      return { file: file.replace(/,clicks,/, ','), rows: known, must: 'refused' };
    case 'cut':
      return { file: file.slice(0, file.lastIndexOf(',', file.length - 3)), rows: known, must: 'refused' };
    case 'empty':
      return { file: campaignFile([]), rows: known, must: 'refused' };
    case 'duplicate':
      return { file: campaignFile([...same, same[each.seed % same.length]!]), rows: known, must: 'refused' };
  }
}

async function deliver(instance: TestInstance, monday: string, file: string): Promise<{ outcome: Outcome; changed: boolean }> {
  try {
    const { changed } = await instance.merge(monday, file);
    return { outcome: 'accepted', changed };
  } catch (error) {
    if (!(error instanceof CollectorError) || !['data', 'transient'].includes(error.kind)) throw error;
    return { outcome: 'refused', changed: false };
  }
}

async function served(instance: TestInstance): Promise<unknown> {
  const { rows: facts } = await fixture.store.pool.query(
    `SELECT week::text, campaign_id, event_date::text AS day, impressions::int, clicks::int FROM fact_campaign_performance_v1
      WHERE instance_id = $1 ORDER BY week, campaign_id COLLATE "C"`,
    [instance.id],
  );
  const rollUps: Record<string, unknown> = {};
  const sources = { week: ['month', 'week'], month: ['month', 'bucket'], day: ['day', 'bucket'] };
  for (const [grain, [table, bucket]] of Object.entries(sources)) {
    const { rows } = await fixture.store.pool.query(
      `SELECT ${bucket}::text AS bucket, sum(impressions)::int AS impressions, sum(clicks)::int AS clicks
         FROM rollup_campaign_performance_v1_total_${table}
        WHERE instance_id = $1 GROUP BY ${bucket} HAVING sum(impressions) <> 0 ORDER BY ${bucket}`,
      [instance.id],
    );
    rollUps[grain] = rows;
  }
  return { facts, rollUps };
}

function expected(model: Map<string, Rows>): unknown {
  const facts = [...model]
    .flatMap(([monday, rows]) =>
      lines(monday, rows).map((line) => ({
        week: monday,
        campaign_id: line.campaign_id!,
        day: line.event_date!,
        impressions: Number(line.impressions),
        clicks: Number(line.clicks),
      })),
    )
    .sort((a, b) => (a.week + a.campaign_id.padEnd(4, ' ') < b.week + b.campaign_id.padEnd(4, ' ') ? -1 : 1));
  const sums = (bucketOf: (fact: (typeof facts)[number]) => string) => {
    const buckets = new Map<string, { impressions: number; clicks: number }>();
    for (const fact of facts) {
      const sum = buckets.get(bucketOf(fact)) ?? { impressions: 0, clicks: 0 };
      buckets.set(bucketOf(fact), { impressions: sum.impressions + fact.impressions, clicks: sum.clicks + fact.clicks });
    }
    return [...buckets].map(([bucket, sum]) => ({ bucket, ...sum })).sort((a, b) => (a.bucket < b.bucket ? -1 : 1));
  };
  return { facts, rollUps: { week: sums((f) => f.week), month: sums((f) => `${f.day.slice(0, 7)}-01`), day: sums((f) => f.day) } };
}

test(`${CASES} random histories of deliveries leave exactly what a model of maps says`, async () => {
  const counts: Record<string, number> = {};
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (history) => {
      const instance = await fixture.newInstance();
      const model = new Map<string, Rows>();
      for (const each of history) {
        const monday = WEEKS[each.week]!;
        const known = model.get(monday) ?? new Map();
        // The others are about a week that is served.
        if (known.size === 0 && each.kind !== 'deliver' && each.kind !== 'restate') continue;
        const { file, rows, must, writesNothing } = delivery(each, monday, known);
        const { outcome, changed } = await deliver(instance, monday, file);
        if (must) expect([each.kind, outcome]).toEqual([each.kind, must]);
        if (writesNothing) expect([each.kind, changed]).toEqual([each.kind, false]);
        if (outcome === 'accepted') model.set(monday, rows);
        counts[`${each.kind} ${outcome}`] = (counts[`${each.kind} ${outcome}`] ?? 0) + 1;
      }
      expect(await served(instance)).toEqual(expected(model));
    }),
    { numRuns: CASES },
  );
  // A history without them would prove nothing.
  const met = Object.keys(counts).sort();
  expect(met).toEqual(expect.arrayContaining(['deliver accepted', 'restate accepted', 'redeliver accepted', 'reorder accepted']));
  expect(met).toEqual(
    expect.arrayContaining(['cut refused', 'duplicate refused', 'empty refused', 'lose refused', 'rename refused', 'deliver refused']),
  );
});
