import { CoreApp, dateTime, LoadingState, toDataFrame, type PanelData, type TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { rangeHints } from './range-hints';

const HOUR = 3_600_000;
const rangeOf = (hours: number): TimeRange => {
  const [from, to] = [dateTime(0), dateTime(hours * HOUR)];
  return { from, to, raw: { from, to } };
};
const answer = (hours: number, values: number[]): PanelData => ({
  state: LoadingState.Done,
  series: [toDataFrame({ fields: [{ name: 'spend', values }] })],
  timeRange: rangeOf(hours),
});
const datasource = { type: 'amc', uid: 'u1' };
const query = { refId: 'A', metrics: ['spend'] };
const hints = (app: CoreApp, part: { range?: TimeRange; data?: PanelData }) =>
  rangeHints({ query, app, range: undefined, data: undefined, datasource, ...part });

it('offers a quarter where the range is too short for a week, in both panes of Explore', () => {
  locationService.push(
    `/explore?panes=${encodeURIComponent(JSON.stringify({ a: { range: { from: 'now-1h', to: 'now' }, queries: [query] }, b: {} }))}`,
  );
  const [hint] = hints(CoreApp.Explore, { data: answer(1, []) });
  expect(hint?.fix?.label).toBe('Last 13 weeks');
  hint?.fix?.act?.();
  expect(JSON.parse(locationService.getSearch().get('panes') ?? '')).toEqual({
    a: { range: { from: 'now-13w', to: 'now' }, queries: [query] },
    b: { range: { from: 'now-13w', to: 'now' } },
  });
});

it("sets the dashboard's range from the editor of a panel", () => {
  locationService.push('/d/x?editPanel=1&from=now-1h&to=now');
  hints(CoreApp.PanelEditor, { data: answer(1, []) })[0]?.fix?.act?.();
  expect(locationService.getSearchObject()).toMatchObject({ editPanel: '1', from: 'now-13w', to: 'now' });
});

it('is silent where the range is long enough, or a short one has rows', () => {
  expect(hints(CoreApp.Explore, { data: answer(24 * 28, []) })).toEqual([]);
  expect(hints(CoreApp.Explore, { data: answer(1, [5]) })).toEqual([]);
  expect(hints(CoreApp.Explore, {})).toEqual([]);
});

it('tells a rule to look back, by its own range, and offers to start a new one over', () => {
  locationService.push('/alerting/new/alerting');
  const [hint] = hints(CoreApp.UnifiedAlerting, { range: rangeOf(1), data: answer(24 * 28, []) });
  expect(hint).toMatchObject({ severity: 'warning', fix: { label: 'Start the rule over with 8 weeks' } });
  locationService.push('/alerting/abc/edit');
  expect(hints(CoreApp.UnifiedAlerting, { range: rangeOf(1) })[0]?.fix).toBeUndefined();
  expect(hints(CoreApp.UnifiedAlerting, { range: rangeOf(24 * 28) })).toEqual([]);
});
