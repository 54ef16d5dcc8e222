import { setTimeout as sleep } from 'node:timers/promises';
import type { AmcClient } from '../amc/client.ts';
import type { AmcInstanceRef } from '../amc/transport.ts';
import { validateSql, type ValidateOptions } from '../amc/validate-sql.ts';
import { addDays, newestCompleteWeek } from '../../ground/calendar/week.ts';
import type { Dataset } from '../catalogue/dataset.ts';
import { datasetSql, typesLacking } from '../catalogue/sql.ts';
import { CollectorError } from '../../contract/error.ts';
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import { discoverInstance, type DiscoveredInstance } from './discover.ts';

export interface CheckTarget {
  readonly client: AmcClient;
  readonly instance: AmcInstanceRef;
  /** IANA name; the marketplace's when left out. */
  readonly timeZone?: string | undefined;
  /** Whose SQL Amazon is asked to validate. */
  readonly datasets: readonly Dataset[];
  /** The calendar's now. */
  readonly now: Date;
  readonly validate?: ValidateOptions;
}

export interface CheckStep {
  /** token, account, instance, then `sql <dataset>`. */
  readonly step: string;
  readonly status: 'ok' | 'failed' | 'skipped';
  readonly message: string;
  /** What to do about a failure. */
  readonly remedy: string | null;
}

/**
 * Walks from the credentials to the SQL and says of each step how it went, as it goes. What depends on a step that failed is
 * skipped; datasets are independent of each other. Costs nothing at Amazon.
 */
export async function* check(target: CheckTarget, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const { client, instance } = target;
  const sqlSteps = target.datasets.map((dataset) => `sql ${dataset.dataset}`);

  const token = await attempt('token', signal, async () => {
    await client.authorize(signal);
    return { message: 'Login with Amazon gives an access token' };
  });
  yield token.result;
  if (token.value === undefined) return yield* skipped(['account', 'instance', ...sqlSteps], 'token');

  const account = await attempt('account', signal, () => checkAccount(client, instance, signal));
  yield account.result;
  if (account.value === undefined) return yield* skipped(['instance', ...sqlSteps], 'account');

  const found = await attempt('instance', signal, async () => {
    const discovered = await discoverInstance(client, instance, signal);
    return { message: describe(discovered), discovered };
  });
  yield found.result;
  if (found.value === undefined) return yield* skipped(sqlSteps, 'instance');

  for (const dataset of target.datasets) {
    const { discovered } = found.value;
    const step = `sql ${dataset.dataset}`;
    // Types that nobody told are a mistake of their own, which the SQL's check names.
    const lacking = discovered.advertiserTypes.length > 0 ? typesLacking(dataset, discovered.advertiserTypes) : null;
    if (dataset.sql === undefined) yield { step, status: 'skipped', message: 'Only imported: it has no SQL', remedy: null };
    else if (lacking !== null)
      yield {
        step,
        status: 'skipped',
        message: `Not for this instance: it has no advertisers of type ${lacking.join(' or ')}`,
        remedy: null,
      };
    else yield (await attempt(step, signal, () => checkSql(target, dataset, discovered, signal))).result;
  }
}

async function checkAccount(client: AmcClient, instance: AmcInstanceRef, signal: AbortSignal): Promise<{ message: string }> {
  const accounts = await client.accounts.list(signal);
  const same = accounts.filter((account) => account.accountId === instance.accountId);
  const found = same.find((account) => account.marketplaceId === instance.marketplaceId);
  if (found !== undefined) return { message: `Account ${found.accountId} ${found.accountName}`.trim() };
  const known = accounts.slice(0, 10).map((account) => `${account.accountId} in ${account.marketplaceId}`);
  throw new CollectorError(
    'amc_forbidden',
    same.length > 0
      ? `Account ${instance.accountId} belongs to marketplace ${same.map((account) => account.marketplaceId).join(', ')}, not ${instance.marketplaceId}.`
      : `The authorised user does not see account ${instance.accountId}. It sees ${known.length === 0 ? 'none' : known.join('; ')}.`,
  );
}

async function checkSql(
  target: CheckTarget,
  dataset: Dataset,
  discovered: DiscoveredInstance,
  signal: AbortSignal,
): Promise<{ message: string }> {
  const timeZone = target.timeZone ?? discovered.timeZone;
  const sqlQuery = datasetSql(dataset, { timeZone, advertiserTypes: discovered.advertiserTypes, currencies: discovered.currencies });
  const start = newestCompleteWeek(target.now, timeZone);
  const dryRun = { sqlQuery, filteredColumn: dataset.sql?.filtered_column, window: { start, end: addDays(start, 7), timeZone } };
  await validateSql(target.client, target.instance, dryRun, signal, target.validate);
  return { message: `Amazon accepts the SQL of ${dataset.dataset}` };
}

const describe = ({ name, advertisers, advertiserTypes, currencies }: DiscoveredInstance): string =>
  `Instance ${name}: ${advertisers} ${advertisers === 1 ? 'advertiser' : 'advertisers'}, ${advertiserTypes.join(' and ') || 'no known types'}, ${currencies.join(' and ') || 'no known currency'}`;

async function attempt<T extends { message: string }>(
  step: string,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<{ result: CheckStep; value?: T }> {
  try {
    const value = await patiently(work, signal);
    return { result: { step, status: 'ok', message: value.message, remedy: null }, value };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CollectorError)) throw error;
    return { result: { step, status: 'failed', message: error.message, remedy: ERRORS[error.code].remedy } };
  }
}

/** What passes by itself is tried a few times, with the pause that Amazon asks for, up to a minute. */
const PASSING: readonly ErrorCode[] = ['amc_throttled', 'amc_server_error'];
const TRIES = 4;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof CollectorError) || !PASSING.includes(error.code) || tries === TRIES) throw error;
      const pauseMs = Math.max(error.retryAfterMs ?? 0, FIRST_PAUSE_MS * 2 ** (tries - 1));
      if (pauseMs > LONGEST_PAUSE_MS) throw error;
      await sleep(pauseMs, undefined, { signal });
    }
  }
}

function* skipped(steps: readonly string[], cause: string): Generator<CheckStep> {
  for (const step of steps) yield { step, status: 'skipped', message: `Not tried, since ${cause} failed`, remedy: null };
}
