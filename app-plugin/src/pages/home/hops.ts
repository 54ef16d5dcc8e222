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

/** What the pages asked, as far as it is answered. */
export interface Checks {
  readonly datasource: Datasource | undefined;
  readonly datasourceHealth?: DatasourceHealth | undefined;
  readonly datasourceFailure?: Failure | undefined;
  readonly health?: Health | undefined;
  readonly healthFailure?: Failure | undefined;
}

type Finding = Pick<Hop, 'status' | 'message' | 'remedy'>;
const ok = (message: string): Finding => ({ status: 'ok', message, remedy: null });
/** The plugin says an empty remedy where the message tells it all. */
const failed = (message: string, remedy?: string | null): Finding => ({ status: 'failed', message, remedy: remedy || null });
const CHECKING: Finding = { status: 'checking', message: 'Checking…', remedy: null };
const NOT_REACHED: Finding = { status: 'unknown', message: 'Not reached: a hop before it is broken.', remedy: null };

/** Every hop in the order of the way. What lies behind a broken hop is unknown, not broken. */
export function hopsOf(checks: Checks): Hop[] {
  const datasource = findDatasourceState(checks);
  return [
    { name: 'grafana', title: 'Grafana', ...ok(`Version ${config.buildInfo.version}`) },
    { name: 'datasource', title: checks.datasource ? `Data source ${checks.datasource.name}` : 'Data source', ...datasource },
    ...collectorHops(checks, datasource.status),
  ];
}

/** The plugin runs, and the collector accepts its token and the person it speaks for. */
function findDatasourceState({ datasource, datasourceHealth, datasourceFailure, health, healthFailure }: Checks): Finding {
  if (!datasource) {
    return failed(
      'No Amazon Marketing Cloud data source is chosen.',
      'An Admin adds one with the collector’s URL and token, and chooses it in the app’s configuration.',
    );
  }
  const own = datasourceHealth?.details?.hops?.find(
    ({ hop, status }) => status === 'failed' && ['settings', 'token', 'identity'].includes(hop),
  );
  if (own) return failed(own.message, own.remedy);
  if (healthFailure && isAboutAccess(healthFailure)) return failed(healthFailure.message, healthFailure.remedy);
  if (health?.caller === null)
    return failed('The collector does not know this token.', 'An Admin enters a valid token in the data source’s settings.');
  if (health || datasourceHealth || (healthFailure && cameThrough(healthFailure))) return ok('The plugin runs and answers.');
  const failure = healthFailure ?? datasourceFailure;
  return failure ? failed(failure.message, failure.remedy) : CHECKING;
}

const ACCESS_CODES = ['collector_settings', 'unauthenticated', 'forbidden', 'identity_unavailable'];
const isAboutAccess = ({ code }: Failure): boolean => code !== undefined && ACCESS_CODES.includes(code);

/** Only the plugin and the collector answer with a code, so the way to the plugin is whole. */
const cameThrough = ({ code }: Failure): boolean => code !== undefined;

function collectorHops({ datasourceHealth, health, healthFailure }: Checks, datasource: HopStatus): Hop[] {
  if (health) return health.hops.map(({ hop, status, message, remedy }) => ({ name: hop, title: TITLES[hop], status, message, remedy }));
  const all = (finding: Finding): Hop[] => Object.entries(TITLES).map(([name, title]) => ({ name, title, ...finding }));
  if (datasource === 'failed') return all(NOT_REACHED);
  if (!healthFailure) return all(CHECKING);
  const [collector, ...behind] = all(NOT_REACHED);
  const connection = datasourceHealth?.details?.hops?.find(({ hop, status }) => hop === 'connection' && status === 'failed');
  const finding = connection ? failed(connection.message, connection.remedy) : failed(healthFailure.message, healthFailure.remedy);
  return collector ? [{ ...collector, ...finding }, ...behind] : behind;
}
