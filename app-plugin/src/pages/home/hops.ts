import type { Health } from '@amc-reports/collector-service/contract';
import { config } from '@grafana/runtime';
import type { Datasource } from '../../data/datasource';
import type { Failure } from '../../data/failure';
import type { DatasourceHealth } from '../../data/health';

export type HopStatus = Health['hops'][number]['status'] | 'checking';

/** One station on the way from Grafana to Amazon and back. */
export interface Hop {
  readonly name: string;
  readonly title: string;
  readonly status: HopStatus;
  readonly message: string;
  readonly remedy: string | null;
}

const TITLES: Record<Health['hops'][number]['hop'], string> = {
  collector: 'Collector',
  database: 'Database',
  amc: 'Amazon Marketing Cloud',
  datasets: 'Datasets',
  collections: 'Collections',
};

interface Checks {
  readonly datasource: Datasource | undefined;
  readonly datasourceHealth: DatasourceHealth | undefined;
  readonly datasourceFailure: Failure | undefined;
  readonly health: Health | undefined;
  readonly healthFailure: Failure | undefined;
}

/** Every hop in the order of the way. What lies behind a broken hop is unknown, not broken. */
export function hopsOf(checks: Checks): Hop[] {
  const grafana: Hop = { name: 'grafana', title: 'Grafana', status: 'ok', message: `Version ${config.buildInfo.version}`, remedy: null };
  return [grafana, datasourceHop(checks), ...collectorHops(checks)];
}

function datasourceHop({ datasource, datasourceHealth, datasourceFailure, health, healthFailure }: Checks): Hop {
  const hop = { name: 'datasource', title: datasource ? `Data source ${datasource.name}` : 'Data source' };
  if (!datasource) {
    return { ...hop, status: 'failed', message: 'No Amazon Marketing Cloud data source is chosen.', remedy: 'An Admin adds one with the collector’s URL and token, and chooses it in the app’s configuration.' };
  }
  if (healthFailure && isTokenRefused(healthFailure)) {
    return { ...hop, status: 'failed', message: healthFailure.message, remedy: 'An Admin enters the collector’s token in the data source’s settings.' };
  }
  // What the data source says about the collector stands at the collector; that it said anything shows that it runs.
  if (health || datasourceHealth?.status === 'OK' || answeredByPlugin(healthFailure)) return { ...hop, status: 'ok', message: 'The plugin runs and answers.', remedy: null };
  const failure = healthFailure ?? datasourceFailure;
  if (failure) return { ...hop, status: 'failed', message: failure.message, remedy: failure.remedy ?? null };
  return { ...hop, status: 'checking', message: 'Checking…', remedy: null };
}

const isTokenRefused = (failure: Failure | undefined): boolean => failure?.code === 'unauthenticated';

/** The plugin spoke for a collector that is away, or passed on the collector's own words. */
const answeredByPlugin = (failure: Failure | undefined): boolean =>
  failure !== undefined && (failure.code !== undefined || (failure.status !== undefined && failure.status >= 502));

function collectorHops({ datasource, datasourceHealth, health, healthFailure }: Checks): Hop[] {
  if (health) return health.hops.map(({ hop, status, message, remedy }) => ({ name: hop, title: TITLES[hop], status, message, remedy }));
  const unknown = (name: keyof typeof TITLES): Hop => ({
    name,
    title: TITLES[name],
    status: datasource && !healthFailure ? 'checking' : 'unknown',
    message: datasource && !healthFailure ? 'Checking…' : 'Not reached: a hop before it is broken.',
    remedy: null,
  });
  const behind = (['database', 'amc', 'datasets', 'collections'] as const).map(unknown);
  if (!healthFailure || isTokenRefused(healthFailure) || !answeredByPlugin(healthFailure)) return [unknown('collector'), ...behind];
  const said = datasourceHealth?.status === 'ERROR' ? datasourceHealth.message : healthFailure.message;
  return [{ name: 'collector', title: TITLES.collector, status: 'failed', message: said, remedy: healthFailure.remedy ?? null }, ...behind];
}
