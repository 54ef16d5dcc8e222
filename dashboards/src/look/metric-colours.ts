import { byRegexp, ofMetric } from '../grafana/overrides.ts';
import type { Override } from '../grafana/panel.ts';

/**
 * One colour, one meaning, on every dashboard: money spent is blue, money earned green, what one returns for the other purple; people
 * orange; the steps from ad to order go from light to dark. Names of Grafana's palette, which has a shade for either theme.
 */
const COLOURS: Readonly<Record<string, string>> = {
  Spend: 'blue',
  Sales: 'green',
  ROAS: 'purple',
  ACOS: 'dark-purple',
  Impressions: 'super-light-blue',
  Clicks: 'light-blue',
  CTR: 'light-blue',
  'Detail page views': 'light-orange',
  DPVR: 'light-orange',
  'Add to carts': 'orange',
  ATCR: 'orange',
  Purchases: 'dark-orange',
  CVR: 'dark-orange',
  'New-to-brand share': 'yellow',
  Reach: 'dark-yellow',
};

/** The colour of what a period before was stays the same; its line is dashed. */
export const metricColours = (): Override[] =>
  Object.entries(COLOURS).map(([title, fixedColor]) => byRegexp(ofMetric(title), { color: { mode: 'fixed', fixedColor } }));

/** For a metric without a colour of its own: one that has no meaning. */
export const colourOf = (title: string): string => COLOURS[title] ?? 'semi-dark-blue';
