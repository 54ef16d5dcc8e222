import type { Mistake } from './mistake.ts';
import type { YamlFile } from './yaml-file.ts';

/** What `lens` was, and what `attribution` says for it. */
const ATTRIBUTION_OF_LENS = { traffic_time: 'traffic_time', conversion_time: 'conversion_time', traffic: 'none' } as const;

/**
 * A file with today's keys in place of those that older releases knew, so that all its other mistakes are found in the same run, and a
 * mistake for each old key that says what to write instead.
 */
export function withTodaysKeys({ data, mistake }: YamlFile): { data: unknown; mistakes: Mistake[] } {
  if (typeof data !== 'object' || data === null || !('lens' in data)) return { data, mistakes: [] };
  const { lens, ...rest } = data;
  const known = Object.entries(ATTRIBUTION_OF_LENS).find(([old]) => old === lens)?.[1];
  const instead = known === undefined ? `attribution: ${Object.values(ATTRIBUTION_OF_LENS).join(' | ')}` : `attribution: ${known}`;
  return {
    data: { attribution: known ?? 'none', ...rest },
    mistakes: [mistake(['lens'], `is called attribution now; write '${instead}' instead`)],
  };
}
