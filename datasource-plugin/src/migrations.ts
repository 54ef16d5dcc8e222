import { QUERY_VERSION, type AmcQuery } from './query';

/** Version 2 calls the growth of weeks by its name; 'restatement' differed from 'restatements' by a letter. */
const OLD_WEEK_GROWTH = 'restatement';

/**
 * Lifts a saved query to the form of today, without what only its way to the backend is told: Explore and a new alert rule start with
 * what a panel sent. Dashboards keep the old form until they are saved again, alert rules and shared dashboards never
 * come by here: what an old word means, the collector must know too (contract/query.ts). A query of a newer plugin is left as it is; the
 * backend says what to do.
 */
export function migrateQuery<T extends AmcQuery>(saved: T): T {
  const asSaved = withoutTheWay(saved);
  if ((saved.version ?? 0) >= QUERY_VERSION) {
    return asSaved;
  }
  const isGrowth = (saved.queryType as string | undefined) === OLD_WEEK_GROWTH;
  return { ...asSaved, ...(isGrowth && { queryType: 'week_growth' as const }), version: QUERY_VERSION };
}

function withoutTheWay<T extends AmcQuery>(query: T): T {
  if (query.interpolated === undefined && query.timeZone === undefined) {
    return query;
  }
  const { interpolated: _, timeZone: _zone, ...kept } = query;
  return kept as T;
}
