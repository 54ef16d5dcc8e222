/** Requests answered, by method, route and status; for tests and the curious. */
export class RequestStatistics {
  readonly requests = new Map<string, number>();
  tokensIssued = 0;
  downloads = 0;

  count(method: string, path: string, status: number): void {
    const route = path
      .replace(/\/(amc\/reporting|amc\/instances)\/[^/]+/, '/$1/{instanceId}')
      .replace(/\/(workflows|workflowExecutions|schedules|dataSources)\/[^/]+/, '/$1/{id}')
      .replace(/^\/results\/.*/, '/results/{file}');
    const key = `${method} ${route} ${status}`;
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
  }
}
