import type { Override } from './panel.ts';

type Properties = Readonly<Record<string, unknown>>;

const override = (id: string, options: unknown, properties: Properties): Override => ({
  matcher: { id, options },
  properties: Object.entries(properties).map(([key, value]) => ({ id: key, value })),
});

/** Field settings for the field of this display name. */
export const byName = (name: string, properties: Properties): Override => override('byName', name, properties);
/** Field settings for fields whose display name fits: /…/ in JavaScript's form. */
export const byRegexp = (pattern: string, properties: Properties): Override => override('byRegexp', pattern, properties);
/** Field settings for the field of time, whatever it is called. */
export const ofTime = (properties: Properties): Override => override('byType', 'time', properties);

/** A metric's series and columns by its title, with or without a currency behind it, before or now: `Spend`, `Spend (EUR)`, `Spend (previous)`. */
export const ofMetric = (title: string): string => `/^${title.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}( \\(|$)/`;
