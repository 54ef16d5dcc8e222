import { startGrafana } from '../testing/grafana';
import { answer, fail } from '../testing/server';
import { runServer } from '../testing/run-server';
import { aDetail, aProblem, plannedWeek } from '../testing/fixtures';
import { call } from './request';

runServer();
beforeEach(() => void startGrafana());

it('puts params into the path as they are, whatever they hold, and asks with the route’s method', async () => {
  const sent = answer('post /v1/collections/{id}/weeks/{week}/retry', plannedWeek(0), 202);
  expect(await call('amc-reports', 'post /v1/collections/{id}/weeks/{week}/retry', { params: { id: 'a/b?', week: '2025-11-10' } })).toEqual(
    plannedWeek(0),
  );
  expect(sent).toEqual([
    { path: '/api/datasources/uid/amc-reports/resources/v1/collections/a%2Fb%3F/weeks/2025-11-10/retry', search: '', body: undefined },
  ]);
});

it('sends a body as JSON, and of a query what is given', async () => {
  const body = { instance: 'amc1', dataset: 'campaign_performance', weeks: 4 };
  const created = answer('post /v1/collections', aDetail(), 201);
  await call('amc-reports', 'post /v1/collections', { body });
  expect(created[0]).toMatchObject({ body });

  const listed = answer('get /v1/audit', { entries: [], next: null });
  await call('amc-reports', 'get /v1/audit', { query: { person: 'ada & co', limit: 5, action: undefined } });
  await call('amc-reports', 'get /v1/audit', {});
  expect(listed.map(({ search }) => search)).toEqual(['?person=ada+%26+co&limit=5', '']);
});

it('throws the collector’s problem as a failure with the problem’s own title and remedy', async () => {
  fail('get /v1/audit', 403, aProblem(403, 'forbidden', 'You may not.', { title: 'Not allowed', remedy: 'Ask for a grant.' }));
  await expect(call('amc-reports', 'get /v1/audit', {})).rejects.toMatchObject({
    name: 'Failure',
    code: 'forbidden',
    status: 403,
    title: 'Not allowed',
    message: 'You may not.',
    remedy: 'Ask for a grant.',
  });
});
