import type { Kind } from '../kind.ts';
import type { LogDisplay } from './schema.ts';

export const log: Kind<LogDisplay> = {
  title: 'Log',
  description: 'What the collector did, line by line, the newest first',
  size: { w: 24, h: 10 },
  ready: {
    title: 'Runs',
    description: 'A line for every run of a week: what came of it, how many rows changed, and why it failed.',
    queries: [{ queryType: 'runs' }],
    display: {},
  },
  panel: ({ queries: [query], display: { wrap = false } }, ask) => ({
    type: 'logs',
    options: {
      showTime: true,
      showLabels: false,
      wrapLogMessage: wrap,
      enableLogDetails: true,
      sortOrder: 'Descending',
      dedupStrategy: 'none',
    },
    targets: [ask({ ...query, format: 'table' }, 'A')],
  }),
};
