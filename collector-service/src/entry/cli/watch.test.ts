import type { Collection } from '../../contract/collections.ts';
import { WEEK_STATES } from '../../contract/weeks.ts';
import { collectionTable } from './summary.ts';
import { countTroubled } from './watch.ts';

const collection = (parts: Partial<Collection>, weeks: Partial<Collection['weeks']> = {}): Collection => ({
  id: '1',
  name: 'Campaigns',
  instance: 'amc1',
  instanceName: 'One',
  dataset: 'campaign_performance',
  datasetTitle: 'Campaign performance',
  datasetVersion: 1,
  state: 'running',
  stopReason: null,
  stoppedAt: null,
  refusal: null,
  window: 'week',
  firstWeek: '2026-01-05',
  lastWeek: '2026-03-09',
  firstDay: '2026-01-05',
  lastDay: '2026-03-15',
  weeks: { ...(Object.fromEntries(WEEK_STATES.map((state) => [state, 0])) as Collection['weeks']), ...weeks },
  weeksTotal: 10,
  weeksOutOfReach: 0,
  weeksSetAside: 0,
  weeksDoubtful: 0,
  rows: 5000,
  dataAsOf: null,
  imported: false,
  schedule: null,
  createdAt: '2026-03-20T00:00:00.000Z',
  createdBy: 'ada',
  ...parts,
});

test('weeks out of reach did not arrive, and the table says what is missing and what is doubtful', () => {
  const holed = collection({ state: 'incomplete', weeksOutOfReach: 3, weeksDoubtful: 1 }, { done: 7, skipped: 3 });
  expect(countTroubled([holed, collection({ state: 'complete' }, { done: 10 })])).toBe(3);
  expect(collectionTable([holed])).toMatch(/incomplete +7\/10 weeks \(3 out of reach, 1 doubtful\) +5,000/);
  expect(collectionTable([collection({}, { done: 8, failed: 1, held: 1 })])).toMatch(/running +8\/10 weeks \(1 failed, 1 held\)/);
});

test('weeks of a stopped collection and those that failed or are held did not arrive either', () => {
  expect(countTroubled([collection({ state: 'stopped' }, { planned: 4, done: 6 }), collection({}, { failed: 1, held: 2, done: 7 })])).toBe(
    7,
  );
});
