import type { AmcFilter, AmcQuery } from '../query';

/** How the contract's words read on the screen. `satisfies` holds them complete. */
export const QUERY_TYPES = {
  metrics: 'Metrics',
  week_growth: 'Growth of weeks',
  restatements: 'Restatements',
  freshness: 'Freshness',
} satisfies Record<NonNullable<AmcQuery['queryType']>, string>;
/** Views of how weeks grew; GrowthForm knows how each is asked for. */
export const GROWTH_VIEWS = { lines: 'Line per week', runs: 'Table of runs', ages: 'Completeness by age', numbers: 'Numbers by age' };
export const GRAINS = { auto: 'Auto', day: 'Day', week: 'Week', month: 'Month', total: 'Whole range' } satisfies Record<
  NonNullable<AmcQuery['grain']>,
  string
>;
export const COMPARISONS = {
  none: 'Nothing',
  previous_period: 'Period before',
  previous_year: 'Year before, same weekdays',
  previous_year_dates: 'Year before, same dates',
} satisfies Record<NonNullable<AmcQuery['compare']>, string>;
export const FORMATS = { timeseries: 'Time series', table: 'Table', numeric: 'Numbers' } satisfies Record<
  NonNullable<AmcQuery['format']>,
  string
>;
export const OPERATORS = { '=': 'is', '!=': 'is not', in: 'is one of', 'not in': 'is none of', contains: 'contains' } satisfies Record<
  AmcFilter['operator'],
  string
>;
export const DIRECTIONS = { desc: 'Highest first', asc: 'Lowest first' } satisfies Record<
  NonNullable<NonNullable<AmcQuery['orderBy']>['direction']>,
  string
>;
