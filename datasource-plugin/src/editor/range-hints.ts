import { LoadingState, type CoreApp, type DataSourceRef, type PanelData, type TimeRange } from '@grafana/data';
import { isAboutWeeks, isAlerting } from '../defaults';
import type { AmcQuery } from '../query';
import { words } from '../words';
import type { Hint } from './hints';
import { canLookBack, isShort, lookBack } from './longer-range';

export interface Asked {
  query: AmcQuery;
  app: CoreApp | string | undefined;
  range: TimeRange | undefined;
  data: PanelData | undefined;
  datasource: DataSourceRef;
}

/**
 * What to do about a range in which no week is complete: Explore begins with the last hour, a new alert rule with the last 10 minutes.
 * An answer that has rows needs no longer one.
 */
export function rangeHints({ query, app, range, data, datasource }: Asked): Hint[] {
  // A rule's own range comes beside the answer; elsewhere the answer knows better which range it is about.
  const asked = isAlerting(app) ? range : (data?.timeRange ?? range);
  // What is about weeks tells of moments too: what ran, failed or changed within the last hour.
  if (isAboutWeeks(query) || !isShort(asked) || hasRows(data)) {
    return [];
  }
  if (!isAlerting(app)) {
    return [
      {
        severity: 'info',
        text: words('range.short', 'A week is complete days after it ended, so a range this short holds no data.'),
        fix: { label: words('range.last-13-weeks', 'Last 13 weeks'), act: () => lookBack(app, query, datasource) },
      },
    ];
  }
  const text = words(
    'range.short-rule',
    'A week is complete days after it ended: under Options, let the rule look back at least 4 weeks, or it finds no data.',
  );
  return canLookBack(app)
    ? [
        {
          severity: 'warning',
          text,
          fix: { label: words('range.start-rule', 'Start the rule over with 8 weeks'), act: () => lookBack(app, query, datasource) },
        },
      ]
    : [{ severity: 'warning', text }];
}

const hasRows = (data: PanelData | undefined): boolean =>
  data?.state !== LoadingState.Error && (data?.series.some(({ length }) => length > 0) ?? false);
