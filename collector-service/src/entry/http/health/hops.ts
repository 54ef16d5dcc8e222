import type { Caller } from '../../../engine/access/caller.ts';
import { ERRORS } from '../../../contract/errors.ts';
import { isInternal } from '../problem.ts';
import type { AmcProbe } from './amc-probe.ts';
import { degraded, failed, ok, unknown, type Hop } from './hop.ts';
import type { CollectionStates, DatasetState } from './statements.ts';

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

export const databaseHop = (version: string): Hop => ok('database', `PostgreSQL ${version} answers.`);

export const databaseDown: Hop = failed('database', 'The collector cannot reach its database.', ERRORS.database_unavailable.remedy);

/** Each connection of the caller's instances, by a check that is at most a minute old. */
export async function amcHop(caller: Caller, probe: AmcProbe): Promise<Hop> {
  const connections = new Map(caller.instances.map((instance) => [instance.connectionId, instance.connection]));
  if (connections.size === 0) return unknown('amc', 'No AMC instance is set up for this token.');
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
    states.map(({ dataset, weeks, until }) => `${dataset}: ${weeks} ${weeks === 1 ? 'week' : 'weeks'}, until ${until}.`).join(' '),
  );
}

const again = (nextTryAt: string | null): string => (nextTryAt === null ? '' : ` (next try ${nextTryAt})`);

export function collectionsHop(states: CollectionStates): Hop {
  const { running, paused, stopped, open } = states;
  if (running + paused + stopped.length === 0) {
    return degraded('collections', 'There is no collection.', 'Start one on the Collections page, or run `collector backfill`.');
  }
  if (stopped.length > 0) {
    const reasons = stopped.map(({ name, reason, nextTryAt }) => `${name}: ${reason ?? 'no reason is known'}${again(nextTryAt)}`).join(' ');
    const byItself = stopped.every(({ nextTryAt }) => nextTryAt !== null);
    return failed(
      'collections',
      `Stopped: ${reasons}`,
      byItself
        ? 'Correct the cause: the collection goes on by itself at its next try, or at once when you resume it.'
        : 'Correct the cause, then resume the collection.',
    );
  }
  if (states.refused.length > 0) {
    const reasons = states.refused.map(({ name, reason, nextTryAt }) => `${name}: ${reason}${again(nextTryAt)}`).join(' ');
    return degraded(
      'collections',
      `Amazon refuses what may be a slip: ${reasons}`,
      'Wait: it is tried again, and stops if it stays so for an hour.',
    );
  }
  const counts = `${running} running, ${paused} paused; ${open} ${open === 1 ? 'week' : 'weeks'} to go.`;
  const { failed: failedWeeks, held } = states;
  if (failedWeeks + held > 0) {
    return degraded(
      'collections',
      `${counts} ${failedWeeks} failed, ${held} held.`,
      'Open the collection and read the reason of each week: retry a failed one, decide about a held one (collector held list).',
    );
  }
  return ok('collections', counts);
}
