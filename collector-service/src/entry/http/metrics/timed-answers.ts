import type { Answers } from '../deps.ts';
import type { HttpMetrics } from './http-metrics.ts';

/** Measures every batch of queries; a batch in which any query failed counts as failed. */
export const timedAnswers = (answers: Answers, metrics: HttpMetrics): Answers => ({
  catalogue: (caller) => answers.catalogue(caller),
  dimensionValues: (caller, request, signal) => answers.dimensionValues(caller, request, signal),
  async query(caller, request, signal) {
    const startedAt = performance.now();
    let outcome: 'ok' | 'failed' = 'failed';
    try {
      const response = await answers.query(caller, request, signal);
      if (Object.values(response.results).every((result) => result.error === undefined)) outcome = 'ok';
      return response;
    } finally {
      metrics.observeQuery(outcome, (performance.now() - startedAt) / 1000);
    }
  },
});
