import type { ScopedVars, TimeZone } from '@grafana/data';
import type { TemplateSrv } from '@grafana/runtime';

/** Where a request carries its zone to the queries it is made of. */
const REQUEST_ZONE = '__amc_time_zone';
/** Grafana's own variable, known on dashboards only. It stays as it is where there is none. */
const DASHBOARD_ZONE = '${__timezone}';

/**
 * The IANA name of the zone in which Grafana reckons a range. It says 'utc', 'browser', nothing at all (which it reckons in the
 * browser's zone, too) or a name.
 */
export function ianaName(timezone: TimeZone | undefined): string {
  if (timezone && timezone !== 'browser') {
    return timezone === 'utc' ? 'UTC' : timezone;
  }
  const own: string | undefined = Intl.DateTimeFormat().resolvedOptions().timeZone;
  // A browser that hides its zone, or does not know it, runs in UTC.
  return own && own !== 'Etc/Unknown' ? own : 'UTC';
}

/** The variables of a request with its zone beside them. */
export const withZone = (scopedVars: ScopedVars, timezone: TimeZone | undefined): ScopedVars => {
  const zone = ianaName(timezone);
  return { ...scopedVars, [REQUEST_ZONE]: { text: zone, value: zone } };
};

/**
 * The zone of the range that a query is asked for. Where the panel also has an expression, Grafana asks for the query without the
 * request it belongs to; the dashboard still knows. Undefined when nobody does.
 */
export function zoneOf(scopedVars: ScopedVars, templates: TemplateSrv): string | undefined {
  const carried = scopedVars[REQUEST_ZONE]?.value as string | undefined;
  if (carried !== undefined) {
    return carried;
  }
  const shown = templates.replace(DASHBOARD_ZONE, scopedVars);
  return shown === DASHBOARD_ZONE ? undefined : ianaName(shown);
}
