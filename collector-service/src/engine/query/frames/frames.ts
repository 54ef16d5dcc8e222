import type { Frame } from '../../../contract/frame.ts';
import type { MetricsResult, Result } from '../result.ts';
import { eventsFrame } from './events-frame.ts';
import { freshnessFrame } from './freshness-frame.ts';
import { growthFrames } from './growth-frames.ts';
import { healthFrames } from './health-frames.ts';
import { numericFrames } from './numeric-frames.ts';
import { restatementsFrame } from './restatements-frame.ts';
import { runsFrame } from './runs-frame.ts';
import { tableFrame } from './table-frame.ts';
import { timeseriesFrames } from './timeseries-frames.ts';

/** A result in the form that Grafana reads (contract/frame.ts). Pure: the same result gives the same frames. At least one. */
export function frames(result: Result): Frame[] {
  switch (result.kind) {
    case 'metrics':
      return metricsFrames(result);
    case 'week_growth':
      return growthFrames(result);
    case 'restatements':
      return [restatementsFrame(result)];
    case 'freshness':
      return [freshnessFrame(result)];
    case 'collection_health':
      return healthFrames(result);
    case 'runs':
      return [runsFrame(result)];
    case 'events':
      return [eventsFrame(result)];
  }
}

function metricsFrames(result: MetricsResult): Frame[] {
  if (result.format === 'table') return [tableFrame(result)];
  return result.format === 'numeric' ? numericFrames(result) : timeseriesFrames(result);
}
