import type { Panel } from './panel.ts';
import { DATASOURCE } from './target.ts';
import type { variable } from './variables.ts';

export const DASHBOARD_TAG = 'amc-reports';

interface Options {
  uid: string;
  title: string;
  description: string;
  /** Bumped by hand when a user should see that it changed. */
  version: number;
  from: string;
  variables: ReturnType<typeof variable>[];
  panels: Panel[];
}

/**
 * A whole dashboard in Grafana's classic JSON. Time zone UTC, since a day is sent as UTC midnight of its local date
 * and must be the same day on every screen. Weeks begin on Monday.
 */
export const dashboard = ({ uid, title, description, version, from, variables, panels }: Options) => ({
  uid,
  title,
  description,
  tags: [DASHBOARD_TAG],
  version,
  schemaVersion: 41,
  editable: true,
  graphTooltip: 1,
  timezone: 'utc',
  weekStart: 'monday',
  time: { from, to: 'now' },
  timepicker: { refresh_intervals: ['1m', '5m', '15m', '1h'] },
  refresh: '',
  fiscalYearStartMonth: 0,
  annotations: {
    list: [
      {
        name: 'Restatements',
        datasource: DATASOURCE,
        enable: true,
        hide: false,
        iconColor: 'purple',
        target: {
          refId: 'Anno',
          version: 2,
          queryType: 'restatements',
          dataset: 'campaign_performance',
          instances: ['$instance'],
          datasource: DATASOURCE,
        },
      },
    ],
  },
  templating: { list: variables },
  links: [
    {
      type: 'dashboards',
      title: 'AMC dashboards',
      tags: [DASHBOARD_TAG],
      asDropdown: true,
      includeVars: true,
      keepTime: true,
      icon: 'external link',
      targetBlank: false,
      tooltip: '',
      url: '',
    },
  ],
  // Panel ids follow the order of the list, so that adding one at the end moves no other.
  panels: panels.map((panel, index) => ({ id: index + 1, ...panel })),
});

export type Dashboard = ReturnType<typeof dashboard>;
