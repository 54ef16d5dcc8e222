import type { Widget } from '@amc-reports/collector-service/contract';
import type { z } from 'zod';
import { barDisplay } from './bar/schema.ts';
import { freshnessDisplay } from './freshness/schema.ts';
import { funnelDisplay } from './funnel/schema.ts';
import { heatMapDisplay } from './heat_map/schema.ts';
import type { KindName } from './index.ts';
import { kpiDisplay } from './kpi/schema.ts';
import { lineDisplay } from './line/schema.ts';
import { logDisplay } from './log/schema.ts';
import { overlapDisplay } from './overlap/schema.ts';
import { pathsDisplay } from './paths/schema.ts';
import { pieDisplay } from './pie/schema.ts';
import { tableDisplay } from './table/schema.ts';
import { textDisplay } from './text/schema.ts';

/** What `display` of each kind may hold. Apart from the kinds, so that a browser that only shows widgets loads no validator. */
export const displaySchemas: Readonly<Record<KindName, z.ZodType>> = {
  kpi: kpiDisplay,
  line: lineDisplay,
  bar: barDisplay,
  pie: pieDisplay,
  table: tableDisplay,
  heat_map: heatMapDisplay,
  funnel: funnelDisplay,
  paths: pathsDisplay,
  overlap: overlapDisplay,
  text: textDisplay,
  freshness: freshnessDisplay,
  log: logDisplay,
};

/** What is wrong with a widget's kind and display, as sentences; empty when nothing is. */
export function displayMistakes({ id, kind, display }: Pick<Widget, 'id' | 'kind' | 'display'>): string[] {
  const schema = Object.hasOwn(displaySchemas, kind) ? displaySchemas[kind as KindName] : undefined;
  if (!schema) return [`Widget ${id}: no kind is called ${kind}; there are ${Object.keys(displaySchemas).join(', ')}`];
  const { error } = schema.safeParse(display);
  return (error?.issues ?? []).map(({ path, message }) => `Widget ${id}: ${['display', ...path].join('.')}: ${message}`);
}
