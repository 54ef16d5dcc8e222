import { aDetail, aHealth, aProblem, withoutWeeks } from './fixtures';
import { answer, fail } from './server';

/** Read by the compiler alone: each line below an @ts-expect-error must not compile. */
answer('get /v1/collections/{id}', aDetail());
answer('get /v1/health', () => aHealth());
answer('get /api/search', []);

// @ts-expect-error a list of collections where one is asked for
answer('get /v1/collections/{id}', { collections: [] });
// @ts-expect-error a collection without its weeks where the detail is asked for
answer('get /v1/collections/{id}', withoutWeeks(aDetail()));
// @ts-expect-error a path that no route has
answer('get /v1/collection/{id}', aDetail());
// @ts-expect-error a failure that is no problem
fail('get /v1/health', 500, { error: 'no' });
fail('get /v1/health', 500, aProblem(500, 'internal', 'no'));
