import type { Dashboard } from '@amc-reports/collector-service/contract';
import { kinds, widget } from '../kinds/index.ts';
import { instance } from './filters.ts';

const health = [
  widget('table', {
    id: 'collections',
    title: 'Does everything arrive?',
    description:
      'Every collection: weeks that are there, that are due and missing, that failed, that wait for a decision, and for how many days the newest is late.',
    queries: [{ queryType: 'collection_health' }],
    display: {
      columns: [
        { title: 'Instance', width: 160 },
        { title: 'Dataset', width: 240 },
      ],
    },
    empty: 'No collections yet: start one in AMC Reports',
    place: { x: 0, y: 0, w: 24, h: 10 },
  }),
  widget('freshness', {
    id: 'weeks',
    ...kinds.freshness.ready,
    queries: [{ queryType: 'freshness' }],
    place: { x: 0, y: 10, w: 24, h: 12 },
  }),
];

const changes = [
  widget('table', {
    id: 'events',
    title: 'Restated, failed, held',
    description: 'What happened to weeks in the time range, the newest first: Amazon changed one, one failed, one waits for a decision.',
    queries: [{ queryType: 'events' }],
    display: { columns: [{ title: 'Title', width: 380 }], hide: ['Tags', 'Week', 'Instance'], newestFirst: true },
    empty: 'Nothing was restated, failed or held in this time range',
    place: { x: 0, y: 0, w: 24, h: 10 },
  }),
];

const runs = [
  widget('log', {
    id: 'runs',
    title: 'What the collector did',
    description: 'A line for every run of a week: what came of it, how many rows changed, and why it failed. Click a line for its labels.',
    queries: [{ queryType: 'runs' }],
    display: { wrap: true },
    place: { x: 0, y: 0, w: 24, h: 14 },
  }),
];

export const collectorHealth: Dashboard = {
  uid: 'amc-collector-health',
  title: 'Collector health',
  description:
    'Whether data arrives: what is late, failing or held, how sure each week is, what Amazon changed, and what the collector did.',
  version: 1,
  time: { from: 'now-13w/w', to: 'now' },
  filters: [instance],
  sections: [
    { widgets: health },
    { title: 'What changed, what failed?', widgets: changes },
    { title: 'What did the collector do?', widgets: runs },
  ],
};
