import { Histogram, type Registry } from 'prom-client';

export interface HttpMetrics {
  observeRequest(method: string, route: string, status: number, seconds: number): void;
  observeQuery(outcome: 'ok' | 'failed', seconds: number): void;
}

/** Durations of requests and of query batches. Routes are labelled as the table has them, so that ids make no series of their own. */
export function createHttpMetrics(registry: Registry): HttpMetrics {
  const requests = new Histogram({
    name: 'amc_reports_http_request_duration_seconds',
    help: 'Time from request to end of answer',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 30],
    registers: [registry],
  });
  const queries = new Histogram({
    name: 'amc_reports_query_duration_seconds',
    help: 'Time to answer a batch of metric queries',
    labelNames: ['outcome'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [registry],
  });
  return {
    observeRequest: (method, route, status, seconds) => requests.observe({ method, route, status }, seconds),
    observeQuery: (outcome, seconds) => queries.observe({ outcome }, seconds),
  };
}
