import type { Caller } from '../../../engine/access/caller.ts';
import type { CollectorError } from '../../../contract/error.ts';
import { ERRORS } from '../../../contract/errors.ts';
import { windowDays } from '../../../ground/calendar/window.ts';
import { formatWindows } from '../../../ground/calendar/window-words.ts';
import { isInternal } from '../problem.ts';
import type { AmcProbe } from './amc-probe.ts';
import { degraded, failed, ok, unknown, type Hop } from './hop.ts';
import type { CitusWorkers, DatasetState } from './statements.ts';

/** This process answers; what is said is whether its clock may be believed (null: it may), and whether people can act through it. */
export function collectorHop(version: string, caller: Caller, clocks: string | null): Hop {
  if (clocks !== null) return degraded('collector', `Version ${version}. ${clocks}`, ERRORS.clocks_disagree.remedy);
  if (caller.grafana) return ok('collector', `Version ${version}. Grafana users are verified with the keys at ${caller.grafana.keysUrl}.`);
  return ok(
    'collector',
    `Version ${version}. Grafana users cannot be verified, so everybody acts as the token "${caller.tokenName}" (${caller.role}).`,
    'To start and stop collections from Grafana, set GRAFANA_ISSUER to its root URL and GRAFANA_KEYS_URL to its /api/signing-keys/keys.',
  );
}

const UNREADABLE_REMEDY = 'Restart the collector, or run `collector migrate`, which makes the role, grants and policies of readers again.';

/**
 * Where the lost machines are is told to no caller; the log names them.
 * @param unreadable why questions cannot be answered although the database answers; null when they can
 */
export function databaseHop(version: string, citus: CitusWorkers | undefined, unreadable: CollectorError | null): Hop {
  if (unreadable !== null)
    return failed('database', `PostgreSQL ${version} answers, but questions cannot be: ${unreadable.message}`, UNREADABLE_REMEDY);
  if (citus === undefined) return ok('database', `PostgreSQL ${version} answers.`);
  const { all, lost } = citus;
  const workers = all === 1 ? 'its Citus worker' : `its ${all} Citus workers`;
  if (lost?.length === 0) return ok('database', `PostgreSQL ${version} answers, and so ${all === 1 ? 'does' : 'do'} ${workers}.`);
  const count = lost?.length ?? 0;
  const state =
    count === 0 ? `not all of ${workers} in time` : `${all === 1 ? workers : `${count} of ${workers}`} ${count === 1 ? 'is' : 'are'} lost`;
  return failed(
    'database',
    `PostgreSQL ${version} answers, but ${state}: instances that lie there can be neither asked about nor collected.`,
    'Start the machine, or move its shards (docs/operations.md, "A worker is lost"); the log names it. The collector goes on by itself.',
  );
}

/** Each connection of the caller's instances, by a check that is at most a minute old. */
export async function amcHop(caller: Caller, probe: AmcProbe): Promise<Hop> {
  const connections = new Map(
    caller.instances.flatMap(({ connectionId, connection }) => (connectionId === null ? [] : [[connectionId, connection] as const])),
  );
  if (connections.size === 0) {
    if (caller.instances.length > 0) return unknown('amc', 'Its instances hold imported data alone; Amazon is not asked.');
    return unknown('amc', 'No AMC instance is set up for this token.');
  }
  const verdicts = await Promise.all([...connections].map(async ([id, name]) => ({ name, error: await probe(id) })));
  const bad = verdicts.filter((verdict) => verdict.error !== null);
  if (bad.length === 0)
    return ok('amc', `Amazon accepts ${connections.size === 1 ? 'the connection' : `all ${connections.size} connections`}.`);
  const message = bad.map(({ name, error }) => `${name}: ${isInternal(error!) ? 'the check failed' : error!.message}`).join(' ');
  const remedy = `${ERRORS[bad[0]!.error!.code].remedy} What is collected already can still be read.`;
  return bad.every(({ error }) => error!.kind === 'transient' || error!.kind === 'throttled')
    ? degraded('amc', message, remedy)
    : failed('amc', message, remedy);
}

export function datasetsHop(states: readonly DatasetState[], known: number): Hop {
  if (known === 0) return failed('datasets', 'No dataset is known.', 'Check DATASETS_DIR, then restart the collector.');
  if (states.length === 0)
    return degraded('datasets', 'No data is collected yet.', 'Start a collection on the Collections page, or run `collector backfill`.');
  return ok(
    'datasets',
    states
      .map(
        ({ dataset, window, count, newest }) => `${dataset}: ${formatWindows(count, [window])}, until ${windowDays(window, newest).end}.`,
      )
      .join(' '),
  );
}
