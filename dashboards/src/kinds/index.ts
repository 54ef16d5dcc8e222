import type { Widget } from '@amc-reports/collector-service/contract';
import { bar } from './bar/kind.ts';
import { freshness } from './freshness/kind.ts';
import { funnel } from './funnel/kind.ts';
import { heatMap } from './heat_map/kind.ts';
import type { Kind } from './kind.ts';
import { kpi } from './kpi/kind.ts';
import { line } from './line/kind.ts';
import { log } from './log/kind.ts';
import { overlap } from './overlap/kind.ts';
import { paths } from './paths/kind.ts';
import { pie } from './pie/kind.ts';
import { table } from './table/kind.ts';
import { text } from './text/kind.ts';

/** Every kind of widget by the name that definitions keep, in the order of the palette. */
export const kinds = { kpi, line, bar, pie, table, heat_map: heatMap, funnel, paths, overlap, text, freshness, log };

export type KindName = keyof typeof kinds;
type DisplayOf<K extends KindName> = (typeof kinds)[K] extends Kind<infer D> ? D : never;
type AnyKind = Kind<Record<string, unknown>>;

/** @throws Error for a kind that does not exist, with those that do */
export function kindOf({ id, kind }: Pick<Widget, 'id' | 'kind'>): AnyKind {
  if (!Object.hasOwn(kinds, kind))
    throw new Error(`Widget ${id} is of kind ${kind}, which does not exist. The kinds are ${Object.keys(kinds).join(', ')}.`);
  // Its schema, which the kind's folder holds, was asked before: kinds/schemas.ts.
  return kinds[kind as KindName] as unknown as AnyKind;
}

/** A widget whose display is checked against its kind by the compiler. */
export const widget = <K extends KindName>(kind: K, rest: Omit<Widget, 'kind' | 'display'> & { display: DisplayOf<K> }): Widget => ({
  ...rest,
  kind,
});
