import { aHealth, aSchedule, TEMPLATES } from './fixtures';
import { answer, server, stream, type TestStream } from './server';

/** Starts the server for a file's tests, with a healthy way to Amazon, a weekly schedule and no collections. Returns the stream of the running test. */
export function runServer(): { readonly stream: TestStream } {
  const current = {} as { stream: TestStream };
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  beforeEach(() => {
    answer('get /v1/health', aHealth());
    answer('get /api/datasources/uid/amc-reports/health', { status: 'OK', message: 'Everything works' });
    answer('get /v1/collections', { collections: [] });
    answer('get /v1/schedules', { schedules: [aSchedule()] });
    answer('get /v1/schedule-templates', { templates: TEMPLATES });
    answer('get /api/search', []);
    current.stream = stream();
  });
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return current;
}
