import { dashboardSchema, type Dashboard } from './dashboard.ts';
import type { Widget } from './widget.ts';

const widget: Widget = {
  id: 'spend',
  kind: 'kpi',
  title: 'Spend',
  description: 'Cost of sponsored ads and Amazon DSP.',
  queries: [{ dataset: 'campaign_performance', metrics: ['spend'] }],
  display: {},
  place: { x: 0, y: 0, w: 4, h: 4 },
};
const dashboard: Dashboard = {
  uid: 'amc-performance',
  title: 'Performance',
  description: 'What was spent and what it returned.',
  version: 1,
  time: { from: 'now-26w/w', to: 'now' },
  filters: [{ kind: 'instance', name: 'instance', label: 'Instance', description: 'AMC instances to ask' }],
  sections: [{ widgets: [widget] }],
};
/** Path and message of everything that is wrong with it. */
const mistakes = (changed: unknown) =>
  dashboardSchema.safeParse(changed).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
const withWidget = (change: object) => ({ ...dashboard, sections: [{ widgets: [{ ...widget, ...change }] }] });

it('is kept as it is written, its queries with their defaults', () => {
  expect(mistakes(dashboard)).toEqual([]);
  expect(dashboardSchema.parse(dashboard).sections[0]?.widgets[0]?.queries[0]).toMatchObject({ grain: 'auto', format: 'timeseries' });
});

it.each([
  ['a place beyond the right edge', { place: { x: 21, y: 0, w: 4, h: 4 } }, /place: must end within 24 columns/],
  ['a query with a range of its own', { queries: [{ metrics: ['spend'], from: 1 }] }, /queries\.0: .*"from"/],
  ['a metric that is no name', { queries: [{ metrics: ['Spend!'] }] }, /metrics\.0: must be a name/],
  ['a relative time that Grafana does not know', { relativeTime: 'last week' }, /relativeTime: must be a relative time/],
  ['a word that nobody declared', { colour: 'red' }, /"colour"/],
])('refuses a widget with %s', (_, change, message) => {
  expect(mistakes(withWidget(change)).join('\n')).toMatch(message);
});

it('takes a choice of the dashboard where a name stands', () => {
  expect(mistakes(withWidget({ queries: [{ metrics: ['$metric'], orderBy: { by: '$metric' } }] }))).toEqual([]);
});

it('refuses two widgets of one id, two filters of one name, and a list narrowed by nothing', () => {
  expect(mistakes({ ...dashboard, sections: [{ widgets: [widget] }, { title: 'More', widgets: [widget] }] })).toEqual([
    'sections: two widgets have the id spend',
  ]);
  const campaign = { kind: 'dimension', name: 'campaign', dimension: 'campaign', dataset: 'campaign_performance', label: 'Campaign' };
  const described = { ...campaign, description: 'Campaigns to choose from', within: ['advertiser'] };
  expect(mistakes({ ...dashboard, filters: [described, described] })).toEqual(
    expect.arrayContaining([
      'filters: two filters have the name campaign',
      'filters: campaign is narrowed by advertiser, which is no filter of this dashboard',
    ]),
  );
});
