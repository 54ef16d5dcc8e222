import type { Logger } from 'pino';
import { CollectorError } from '../../../contract/error.ts';
import type { Frame, QueryResponse } from '../../../contract/frame.ts';
import type { MetricQuery, QueryRequest } from '../../../contract/query.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Clock } from '../../../ground/calendar/clock.ts';
import { classify } from '../../../data/store/errors.ts';
import { readScoped } from '../../../data/store/scope.ts';
import type { Store } from '../../../data/store/store.ts';
import { answeringCatalogue } from './answering-version.ts';
import type { QueryCache } from './cache.ts';
import { answerFreshness } from '../weeks/freshness.ts';
import { answerGrowth } from '../weeks/growth-answer.ts';
import { answerMetrics } from '../metrics/answer.ts';
import { resolveQuestion } from './question.ts';
import { createReader, type Reader } from './reader.ts';
import { answerRestatements } from '../weeks/restatements.ts';
import { instancesAsked, type QueryScope, type ScopedInstance } from './scope.ts';

export interface QueryDeps {
  store: Pick<Store, 'readers'>;
  catalogue: Catalogue;
  clock: Clock;
  cache: QueryCache;
  /** Deadline of each statement; 10 s unless told. */
  timeoutMs?: number;
  /** Hears of answers that failed by our fault. */
  logger?: Logger;
}

type QueryResult = QueryResponse['results'][string];

/**
 * Answers a batch of metric queries, each with frames or with its own error; a bad query does not harm its neighbours.
 * All of a batch is read in one snapshot under the scope's row-level security (design.md §4.8).
 * @throws CollectorError forbidden for an instance outside the scope, invalid_request for two queries with one refId,
 *   database_unavailable; the signal's reason when aborted (a running statement is cancelled)
 */
export async function answer(deps: QueryDeps, scope: QueryScope, request: QueryRequest, signal: AbortSignal): Promise<QueryResponse> {
  const instances = instancesAsked(scope, request.instances);
  const results = new Map<string, QueryResult>();
  const waiting = [...request.queries];
  assertRefIds(waiting);
  while (waiting.length > 0) {
    // A statement that fails takes its transaction along; the queries after it go on in a new one.
    await readScoped(
      deps.store,
      instances.map(({ id }) => id),
      async (tx) => {
        const reader = createReader(tx, deps.cache, scope.workspaceId);
        const catalogue = await answeringCatalogue(reader, deps.catalogue, instances);
        for (let query = waiting.shift(); query !== undefined; query = waiting.shift()) {
          signal.throwIfAborted();
          try {
            results.set(query.refId, { status: 200, frames: await answerOne({ ...deps, catalogue }, reader, instances, request, query) });
          } catch (error) {
            const failure = classify(error);
            signal.throwIfAborted();
            if (failure instanceof CollectorError && failure.code === 'database_unavailable') throw failure;
            results.set(query.refId, asResult(failure, deps, query));
            if (!(error instanceof CollectorError)) throw new TransactionLost();
          }
        }
      },
      { ...(deps.timeoutMs !== undefined && { timeoutMs: deps.timeoutMs }), signal, grouping: true },
    ).catch((error: unknown) => {
      if (!(error instanceof TransactionLost)) throw error;
    });
  }
  return { results: Object.fromEntries(results) };
}

/** Ends a transaction that can read no more; what failed is in the results already. */
class TransactionLost extends Error {}

function answerOne(
  deps: QueryDeps,
  reader: Reader,
  instances: readonly ScopedInstance[],
  request: QueryRequest,
  query: MetricQuery,
): Promise<Frame[]> {
  const range = { from: request.from, to: request.to };
  if (query.queryType === 'restatements') return answerRestatements(reader, deps.catalogue, instances, query, range);
  if (query.queryType === 'restatement') return answerGrowth(reader, deps.catalogue, instances, query, range, deps.clock());
  if (query.queryType === 'freshness') return answerFreshness(reader, deps.catalogue, instances, query, range, deps.clock());
  return answerMetrics(reader, resolveQuestion(deps.catalogue, instances, query, range, request.maxDataPoints), range, deps.clock());
}

function assertRefIds(queries: readonly MetricQuery[]): void {
  const seen = new Set<string>();
  for (const { refId } of queries) {
    if (seen.has(refId)) {
      throw new CollectorError(`Two queries have the refId '${refId}', so their answers could not be told apart. Give each its own.`, {
        code: 'invalid_request',
        kind: 'terminal',
        status: 400,
      });
    }
    seen.add(refId);
  }
}

/** An error as the answer to its query. What the asker can change is 'downstream', our own failures are 'plugin' (Grafana's error sources). */
function asResult(error: unknown, { logger }: QueryDeps, query: MetricQuery): QueryResult {
  if (error instanceof CollectorError && error.kind !== 'bug')
    return { status: error.status, error: error.message, errorSource: 'downstream' };
  logger?.error({ err: error, refId: query.refId }, 'A metric query failed');
  return { status: 500, error: 'The collector failed to answer this query; its log says why.', errorSource: 'plugin' };
}
