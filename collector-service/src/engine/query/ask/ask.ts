import { CollectorError } from '../../../contract/error.ts';
import type { MetricQuery, QueryRequest } from '../../../contract/query.ts';
import { classify } from '../../../data/store/errors.ts';
import { readScoped } from '../../../data/store/scope.ts';
import { answerMetrics } from '../metrics/answer.ts';
import type { Result } from '../result.ts';
import { answerCollectionHealth } from '../weeks/collection-health.ts';
import { answerEvents } from '../weeks/events.ts';
import { answerRuns } from '../weeks/runs.ts';
import { answerFreshness } from '../weeks/freshness.ts';
import { answerGrowth } from '../weeks/week-growth.ts';
import { answerRestatements } from '../weeks/restatements.ts';
import { bucketTime } from '../plan/buckets.ts';
import { localDays } from '../plan/local-days.ts';
import { answeringCatalogue } from './answering-version.ts';
import type { QueryContext } from './context.ts';
import { resolveQuestion } from './question.ts';
import { createReader, type Reader } from './reader.ts';
import { instancesAsked, type ScopedInstance } from './scope.ts';
import { withAccounts } from './with-accounts.ts';

/**
 * The answers to a batch by refId, in the order asked: numbers, or the error of a query that has none. Errors of kind 'bug' are ours,
 * all others the asker's to correct.
 */
export type Results = ReadonlyMap<string, Result | CollectorError>;

/**
 * The one way to compute numbers. Answers a batch of metric queries, each with a result or with its own error; a bad query does not harm
 * its neighbours. All of a batch is read in one snapshot under the scope's row-level security (design.md §4.8).
 * @throws CollectorError forbidden for an instance outside the scope, invalid_request for two queries with one refId,
 *   database_unavailable; the signal's reason when aborted (a running statement is cancelled)
 */
export async function ask(context: QueryContext, request: QueryRequest): Promise<Results> {
  const { scope, signal, timeoutMs } = context;
  const instances = instancesAsked(scope, request.instances);
  const results = new Map<string, Result | CollectorError>();
  const waiting = [...request.queries];
  assertRefIds(waiting);
  while (waiting.length > 0) {
    // A statement that fails takes its transaction along; the queries after it go on in a new one.
    await readScoped(
      context.store,
      instances.map(({ id }) => id),
      async (tx) => {
        const reader = createReader(tx, context.cache, scope.workspaceId);
        const catalogue = await answeringCatalogue(reader, context.catalogue, instances);
        for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
          signal.throwIfAborted();
          try {
            results.set(query.refId, await answerOne({ ...context, catalogue }, reader, instances, request, query));
          } catch (error) {
            const failure = classify(error);
            signal.throwIfAborted();
            if (failure instanceof CollectorError && failure.code === 'database_unavailable') throw failure;
            results.set(query.refId, errorOf(failure, context, query));
            if (!(error instanceof CollectorError)) throw new TransactionLost();
          }
        }
      },
      { ...(timeoutMs !== undefined && { timeoutMs }), signal, grouping: true },
    ).catch((error: unknown) => {
      if (!(error instanceof TransactionLost)) throw error;
    });
  }
  return results;
}

/** Ends a transaction that can read no more; what failed is in the results already. */
class TransactionLost extends Error {}

async function answerOne(
  { catalogue, clock, scope }: QueryContext,
  reader: Reader,
  instances: readonly ScopedInstance[],
  request: QueryRequest,
  query: MetricQuery,
): Promise<Result> {
  const range = { from: request.from, to: request.to };
  const days = localDays(range, request.timeZone);
  // Weeks are told by their Mondays, which are dates.
  const mondays = { from: bucketTime(days.start), to: bucketTime(days.end) };
  if (query.queryType === 'restatements') return answerRestatements(reader, catalogue, instances, query, range);
  if (query.queryType === 'week_growth') return answerGrowth(reader, catalogue, instances, query, mondays, clock());
  if (query.queryType === 'collection_health') return answerCollectionHealth(reader, catalogue, instances, query, mondays, clock());
  if (query.queryType === 'runs') return answerRuns(reader, catalogue, instances, query, range);
  if (query.queryType === 'events') return answerEvents(reader, catalogue, instances, query, range);
  if (query.queryType === 'freshness') return answerFreshness(reader, catalogue, instances, query, mondays, clock());
  const question = resolveQuestion(catalogue, instances, query, days, request.maxDataPoints, scope.calendar);
  return answerMetrics(reader, await withAccounts(reader, catalogue, question), days, clock());
}

function assertRefIds(queries: readonly MetricQuery[]): void {
  const seen = new Set<string>();
  for (const { refId } of queries) {
    if (seen.has(refId)) {
      throw new CollectorError(
        'invalid_request',
        `Two queries have the refId '${refId}', so their answers could not be told apart. Give each its own.`,
      );
    }
    seen.add(refId);
  }
}

/** What the asker can change is said as it is; our own failures go to the log, and the answer says no more. */
function errorOf(error: unknown, { logger }: QueryContext, query: MetricQuery): CollectorError {
  if (error instanceof CollectorError && error.kind !== 'bug') return error;
  logger.error({ err: error, refId: query.refId }, 'A metric query failed');
  const message = 'The collector failed to answer this query; its log says why.';
  return new CollectorError('internal', message, { cause: error });
}
