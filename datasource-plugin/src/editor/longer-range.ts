import { CoreApp, locationUtil, type DataSourceRef, type TimeRange } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import { isAlerting } from '../defaults';
import type { AmcQuery } from '../query';

const DAY_MS = 86_400_000;
/** A week is complete days after it ended, so that the newest complete one begins up to 16 days back. */
const SHORTEST_DAYS = 28;
/** What is offered instead: a quarter to look at, and for a rule enough that a late week does no harm. */
const LONGER = { from: 'now-13w', to: 'now' };
const RULE_SECONDS = 8 * 7 * 86_400;

export const isShort = (range: TimeRange | undefined): boolean =>
  range !== undefined && range.to.valueOf() - range.from.valueOf() < SHORTEST_DAYS * DAY_MS;

/** Whether the place an editor stands in has a range that can be set from here. A rule that is saved already has none. */
export const canLookBack = (app: CoreApp | string | undefined): boolean => !isAlerting(app) || isNewRule();

/** A query editor cannot set the range it is asked for; the page's address can. */
export function lookBack(app: CoreApp | string | undefined, query: AmcQuery, datasource: DataSourceRef): void {
  if (isAlerting(app)) {
    // The form keeps its ranges to itself and reads them from the address once, when it is opened.
    window.location.assign(
      locationUtil.assureBaseUrl(`/alerting/new/alerting?defaults=${encodeURIComponent(JSON.stringify(rule(query, datasource)))}`),
    );
  } else if (app === CoreApp.Explore) {
    const panes = withLongerRanges(locationService.getSearch().get('panes'));
    locationService.partial({ panes });
  } else {
    locationService.partial(LONGER);
  }
}

const isNewRule = () => /^\/alerting\/new(\/|$)/.test(locationService.getLocation().pathname);

/** Explore's panes, as its address holds them. Both sides of a split view look back, so that they stay in step. */
function withLongerRanges(text: string | null): string {
  const panes = JSON.parse(text ?? '{}') as Record<string, object>;
  return JSON.stringify(Object.fromEntries(Object.entries(panes).map(([id, pane]) => [id, { ...pane, range: LONGER }])));
}

/** A new rule as Grafana begins one, but with a range in which data exists. A new rule's query does not name its data source. */
function rule(query: AmcQuery, datasource: DataSourceRef) {
  const expression = { type: '__expr__', uid: '__expr__' };
  const condition = (refId: string, evaluator: string, params: number[]) => ({
    type: 'query',
    evaluator: { params, type: evaluator },
    operator: { type: 'and' },
    query: { params: [refId] },
    reducer: { params: [], type: 'last' },
  });
  const step = (refId: string, model: object) => ({
    refId,
    datasourceUid: expression.uid,
    queryType: '',
    model: { refId, datasource: expression, ...model },
  });
  return {
    queries: [
      {
        refId: 'A',
        datasourceUid: datasource.uid,
        queryType: '',
        relativeTimeRange: { from: RULE_SECONDS, to: 0 },
        model: { ...query, refId: 'A', datasource },
      },
      step('B', { type: 'reduce', reducer: 'last', expression: 'A', conditions: [condition('B', 'gt', [])] }),
      step('C', { type: 'threshold', expression: 'B', conditions: [condition('C', 'gt', [0])] }),
    ],
    condition: 'C',
  };
}
