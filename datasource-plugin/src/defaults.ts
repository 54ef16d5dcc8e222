import { CoreApp } from '@grafana/data';
import { QUERY_VERSION, type AmcQuery } from './query';

/** The shipped dataset that most questions are about. */
const DATASET = 'campaign_performance';

/** Where a new query starts: something to see at once, and in an alert rule the one number that a rule can judge. */
export function defaultQuery(app?: CoreApp): Partial<AmcQuery> {
  const start: Partial<AmcQuery> = {
    version: QUERY_VERSION,
    queryType: 'metrics',
    dataset: DATASET,
    metrics: ['spend'],
    dimensions: [],
    filters: [],
    instances: [],
  };
  return isAlerting(app)
    ? { ...start, grain: 'week', format: 'numeric', latest: true, rest: 'hide' }
    : { ...start, grain: 'auto', format: 'timeseries' };
}

/**
 * What becomes of the hidden part, also in a query that does not say. It is no campaign to be warned about: the contract leaves it out of
 * numbers and of the newest bucket, and the backend of whatever else an alert rule asks (rest.go).
 */
export const restOf = (query: Pick<AmcQuery, 'rest' | 'format' | 'latest'>, app?: CoreApp | string): NonNullable<AmcQuery['rest']> =>
  query.rest ?? (isAlerting(app) || query.format === 'numeric' || query.latest ? 'hide' : 'show');

export const isAlerting = (app?: CoreApp | string): boolean => app === CoreApp.UnifiedAlerting || app === CoreApp.CloudAlerting;

/** A query without metrics is one that somebody is still writing. */
export const isComplete = (query: AmcQuery): boolean =>
  !query.hide && (isAboutWeeks(query) || (query.metrics?.length ?? 0) > 0 || isCalculating(query));

const isCalculating = ({ calculated = [] }: AmcQuery): boolean =>
  calculated.some(({ name, expression }) => name !== '' && expression !== '');

/** These types are about whole weeks of a dataset, not about metrics. */
export const isAboutWeeks = ({ queryType }: Pick<AmcQuery, 'queryType'>): boolean =>
  queryType !== undefined && ABOUT_WEEKS.includes(queryType);

const ABOUT_WEEKS: ReadonlyArray<AmcQuery['queryType']> = ['restatements', 'freshness', 'collection_health', 'runs', 'events'];
