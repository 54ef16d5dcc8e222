import type {
  Catalogue,
  CollectableWindows,
  Collection,
  CollectionDetail,
  Health,
  Problem,
  Schedule,
  ScheduleTemplate,
  Week,
  WeekState,
} from '@amc-reports/collector-service/contract';

/** Builders of what the collector answers: a whole answer, with the parts a test cares about set. */
const FIRST_WEEK = '2025-11-10';
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

export const aWeek = (index: number, parts: Partial<Week> = {}): Week => ({
  week: addDays(FIRST_WEEK, index * 7),
  firstDay: addDays(FIRST_WEEK, index * 7),
  lastDay: addDays(FIRST_WEEK, index * 7 + 6),
  state: 'done',
  served: true,
  age: 'final',
  dataVersion: 1,
  rows: 1000 + index,
  attempt: 1,
  runId: String(500 + index),
  executionId: `execution-${index}`,
  notBefore: null,
  collectedAt: '2026-11-20T08:00:00.000Z',
  restatements: 0,
  error: null,
  doubt: null,
  notes: [],
  ...parts,
});

export const plannedWeek = (index: number, parts: Partial<Week> = {}): Week =>
  aWeek(index, { state: 'planned', served: false, dataVersion: 0, rows: 0, attempt: 0, executionId: null, collectedAt: null, ...parts });

const STATES: WeekState[] = ['planned', 'creating', 'running', 'downloading', 'merging', 'done', 'held', 'failed', 'skipped'];

export function aDetail(parts: Partial<CollectionDetail> = {}): CollectionDetail {
  const weekList = parts.weekList ?? Array.from({ length: 52 }, (_, index) => aWeek(index));
  const count = (state: WeekState) => weekList.filter((week) => week.state === state).length;
  return {
    id: '1',
    name: 'Campaigns of one',
    instance: 'amc1',
    instanceName: 'Instance one',
    dataset: 'campaign_performance',
    datasetTitle: 'Campaign performance',
    datasetVersion: 1,
    state: 'running',
    stopReason: null,
    stoppedAt: null,
    refusal: null,
    window: 'week',
    firstWeek: weekList[0]?.week ?? FIRST_WEEK,
    lastWeek: weekList.at(-1)?.week ?? FIRST_WEEK,
    firstDay: weekList[0]?.firstDay ?? FIRST_WEEK,
    lastDay: weekList.at(-1)?.lastDay ?? FIRST_WEEK,
    weeks: Object.fromEntries(STATES.map((state) => [state, count(state)])) as Collection['weeks'],
    weeksTotal: weekList.length,
    weeksOutOfReach: 0,
    weeksSetAside: 0,
    weeksDoubtful: weekList.filter(({ doubt }) => doubt !== null).length,
    rows: weekList.reduce((sum, week) => sum + week.rows, 0),
    dataAsOf: '2026-11-20T08:00:00.000Z',
    imported: false,
    schedule: { id: '1', name: 'Weekly update', state: 'active' },
    createdAt: '2026-11-19T08:00:00.000Z',
    createdBy: 'admin',
    timeZone: 'America/Los_Angeles',
    ...parts,
    weekList,
  };
}

export function withoutWeeks({ weekList: _weekList, timeZone: _timeZone, ...collection }: CollectionDetail): Collection {
  return collection;
}

export const aHealth = (parts: Partial<Health> = {}): Health => ({
  status: 'ok',
  version: '0.1.0',
  hops: (['collector', 'database', 'amc', 'datasets', 'collections'] as const).map((hop) => ({
    hop,
    status: 'ok',
    message: `${hop} is well`,
    remedy: null,
  })),
  caller: { workspace: 'default', role: 'Admin', person: 'ada' },
  ...parts,
});

export const aCatalogue = (parts: Partial<Catalogue> = {}): Catalogue => ({
  datasets: [
    {
      name: 'campaign_performance',
      version: 1,
      title: 'Campaign performance',
      description: 'Traffic and sales',
      grains: ['week'],
      dimensions: [],
      metrics: [],
    },
    {
      name: 'reach_frequency',
      version: 1,
      title: 'Reach and frequency',
      description: 'Distinct users',
      grains: ['week'],
      dimensions: [],
      metrics: [],
    },
  ],
  instances: [
    {
      instance: 'amc1',
      name: 'Instance one',
      connection: 'main',
      marketplaceId: 'ATVPDKIKX0DER',
      timeZone: 'America/Los_Angeles',
      advertiserTypes: [],
      currencies: ['USD'],
    },
    {
      instance: 'amc2',
      name: 'Instance two',
      connection: 'main',
      marketplaceId: 'A1PA6795UKMFR9',
      timeZone: 'Europe/Berlin',
      advertiserTypes: [],
      currencies: ['EUR'],
    },
  ],
  ...parts,
});

/** Months from November 2025 on, as the collector lists them: under the Monday whose week holds the first. */
export const aMonth = (index: number, parts: Partial<Week> = {}): Week => {
  const first = (months: number) => new Date(Date.UTC(2025, 10 + months, 1)).toISOString().slice(0, 10);
  const monday = addDays(first(index), -((new Date(first(index)).getUTCDay() + 6) % 7));
  return aWeek(0, { week: monday, firstDay: first(index), lastDay: addDays(first(index + 1), -1), ...parts });
};

/** What can be collected of the months from November 2025 to October 2026, the newest first, or of as many weeks. */
export const collectable = (window: CollectableWindows['window'], count = window === 'month' ? 12 : 56): CollectableWindows => ({
  window,
  timeZone: 'America/Los_Angeles',
  windows: Array.from({ length: count }, (_, index) => (window === 'month' ? aMonth(index) : aWeek(index)))
    .map(({ week, firstDay, lastDay }) => ({ week, firstDay, lastDay }))
    .reverse(),
});

export const aSchedule = (parts: Partial<Schedule> = {}): Schedule => ({
  id: '1',
  name: 'Weekly update',
  template: 'weekly',
  state: 'active',
  cron: '0 6 * * 3',
  timeZone: 'America/Los_Angeles',
  restateWeeks: null,
  deepRestateWeeks: null,
  staggerSeconds: 60,
  nextAt: '2026-11-25T14:00:00.000Z',
  failure: null,
  lastTick: null,
  collections: [],
  createdAt: '2026-11-19T08:00:00.000Z',
  createdBy: 'admin',
  ...parts,
});

export const TEMPLATES: ScheduleTemplate[] = [
  {
    template: 'weekly',
    title: 'Weekly update',
    description: 'Every Wednesday',
    cron: '0 6 * * 3',
    restateWeeks: null,
    deepRestateWeeks: null,
    staggerSeconds: 60,
  },
];

export const aProblem = (status: number, code: string, detail: string, parts: Partial<Problem> = {}): Problem => ({
  type: `urn:amc-reports:${code}`,
  title: code.replaceAll('_', ' '),
  status,
  detail,
  remedy: `What to do about ${code.replaceAll('_', ' ')}.`,
  code,
  ...parts,
});
