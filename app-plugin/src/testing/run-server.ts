import { aHealth } from './fixtures';
import { answer, server, stream, type TestStream } from './server';

/** Starts the server for a file's tests, with a healthy way to Amazon and no collections. Returns the stream of the running test. */
export function runServer(): { readonly stream: TestStream } {
  const current = {} as { stream: TestStream };
  beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
  beforeEach(() => {
    answer('health', aHealth());
    answer('datasourceHealth', { status: 'OK', message: 'Everything works' });
    answer('collections', { collections: [] });
    answer('dashboards', []);
    current.stream = stream();
  });
  afterEach(() => server.resetHandlers());
  afterAll(() => server.close());
  return current;
}
