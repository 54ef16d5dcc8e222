import { screen, waitFor, within } from '@testing-library/react';
import { selectors } from '../../selectors';
import { aDetail, aHealth, aMonth, aProblem, aWeek, plannedWeek, withoutWeeks } from '../../testing/fixtures';
import { renderApp } from '../../testing/render-app';
import { answer, fail } from '../../testing/server';
import { runServer } from '../../testing/run-server';

runServer();
const hop = (name: string) => screen.findByTestId(selectors.home.hop(name));
const nextStep = () => screen.getByTestId(selectors.home.nextStep);
const complete = withoutWeeks(aDetail({ state: 'complete' }));

it('walks the hops from Grafana to the collections', async () => {
  answer('get /v1/collections', { collections: [complete] });
  renderApp('');
  expect(await hop('grafana')).toHaveTextContent('Version 12.3.0');
  await waitFor(async () => expect(await hop('datasource')).toHaveTextContent('The plugin runs and answers.'));
  for (const name of ['collector', 'database', 'amc', 'datasets', 'collections'])
    expect(await hop(name)).toHaveTextContent(`${name} is well`);
});

it('leads to the Performance dashboard when everything is collected', async () => {
  answer('get /v1/collections', { collections: [complete] });
  answer('get /api/search', [{ uid: 'amc-performance', title: 'Performance', url: '/d/amc-performance/performance' }]);
  renderApp('', { role: 'Viewer' });
  expect(await screen.findByText('Your data is ready')).toBeInTheDocument();
  expect(await screen.findByRole('link', { name: 'Open the Performance dashboard' })).toHaveAttribute(
    'href',
    '/d/amc-performance/performance',
  );
  expect(screen.getByTestId(selectors.home.facts)).toHaveTextContent('Collected52 weeks');
});

it('names what nobody keeps up to date, and counts months as months', async () => {
  const monthly = withoutWeeks(
    aDetail({ id: '2', name: 'Reach', window: 'month', weekList: [aMonth(0), aMonth(1)], state: 'complete', schedule: null }),
  );
  answer('get /v1/collections', { collections: [complete, monthly] });
  renderApp('');
  await waitFor(() => expect(nextStep()).toHaveTextContent('Not kept up to date, since no schedule holds them: Reach.'));
  expect(screen.getByTestId(selectors.home.facts)).toHaveTextContent('Collected52 weeks, 2 months');
});

it('says so when this Grafana has no Performance dashboard', async () => {
  answer('get /v1/collections', { collections: [complete] });
  renderApp('');
  expect(await screen.findByText(/The Performance dashboard is not here/)).toBeInTheDocument();
});

it('leads an Editor to the start form when nothing is collected, and tells a Viewer to wait for one', async () => {
  const editor = renderApp('', { role: 'Editor' });
  expect(await screen.findByRole('link', { name: 'Start a collection' })).toHaveAttribute(
    'href',
    expect.stringContaining('/collections?start=true'),
  );
  editor.unmount();
  renderApp('', { role: 'Viewer' });
  await waitFor(() => expect(nextStep()).toHaveTextContent('Somebody with the role Editor has to start a collection'));
  expect(screen.queryByRole('link', { name: 'Start a collection' })).not.toBeInTheDocument();
});

it('shows progress while weeks are collected', async () => {
  answer('get /v1/collections', { collections: [withoutWeeks(aDetail({ weekList: [aWeek(0), plannedWeek(1)] }))] });
  renderApp('');
  await waitFor(() => expect(nextStep()).toHaveTextContent('1 collection under way'));
  expect(within(nextStep()).getByRole('progressbar')).toHaveAttribute('aria-valuetext', '1 of 2 weeks');
});

it('points to a collection with failed weeks', async () => {
  answer('get /v1/collections', { collections: [withoutWeeks(aDetail({ weekList: [aWeek(0), aWeek(1, { state: 'failed' })] }))] });
  renderApp('');
  expect(await screen.findByText('Look at Campaigns of one')).toBeInTheDocument();
});

it('names the collector as the broken hop when nothing answers there, and what lies behind as unknown', async () => {
  const remedy = 'Start the collector, and check host and port of its URL.';
  fail('get /v1/health', 502, aProblem(502, 'collector_connection', 'Nothing answers at collector:8085.', { remedy }));
  fail('get /v1/collections', 502, aProblem(502, 'collector_connection', 'Nothing answers at collector:8085.'));
  answer(
    'get /api/datasources/uid/amc-reports/health',
    {
      status: 'ERROR',
      message: 'Connection: nothing answers.',
      details: {
        hops: [
          { hop: 'settings', status: 'ok', message: 'Set.', remedy: null },
          { hop: 'connection', status: 'failed', message: 'Nothing answers at collector:8085.', remedy },
        ],
      },
    },
    400,
  );
  renderApp('');
  await waitFor(async () => expect(await hop('collector')).toHaveTextContent(`BrokenNothing answers at collector:8085.${remedy}`));
  expect(await hop('datasource')).toHaveTextContent('The plugin runs and answers.');
  expect(await hop('database')).toHaveTextContent('Not reached');
  expect(nextStep()).toHaveTextContent('Repair the way to your data: Collector');
  expect(nextStep()).toHaveTextContent(remedy);
});

it('names the data source when the collector refuses its token', async () => {
  fail('get /v1/health', 401, aProblem(401, 'unauthenticated', 'The token is not known.', { remedy: 'Make a new one.' }));
  renderApp('');
  await waitFor(async () => expect(await hop('datasource')).toHaveTextContent('The token is not known.Make a new one.'));
  expect(await hop('collector')).toHaveTextContent('Not reached');
  expect(within(nextStep()).getByRole('link', { name: 'Settings of the data source' })).toHaveAttribute(
    'href',
    expect.stringContaining('/connections/datasources/edit/amc-reports'),
  );
});

it('names the data source when its plugin does not run', async () => {
  fail('get /v1/health', 500, { message: 'plugin unavailable' });
  fail('get /api/datasources/uid/amc-reports/health', 500, { message: 'plugin unavailable' });
  fail('get /v1/collections', 500, { message: 'plugin unavailable' });
  renderApp('');
  await waitFor(async () => expect(await hop('datasource')).toHaveTextContent('plugin unavailable'));
  expect(await hop('collector')).toHaveTextContent('Not reached');
});

it('reads the report of a collector whose database is away, although it comes with status 503', async () => {
  const report = aHealth({ status: 'failed' });
  answer(
    'get /v1/health',
    {
      ...report,
      hops: report.hops.map((one) =>
        one.hop === 'database' ? { ...one, status: 'failed', message: 'PostgreSQL does not answer.', remedy: 'Start PostgreSQL.' } : one,
      ),
    },
    503,
  );
  renderApp('');
  await waitFor(async () => expect(await hop('database')).toHaveTextContent('PostgreSQL does not answer.Start PostgreSQL.'));
  expect(await hop('collector')).toHaveTextContent('collector is well');
});

it('warns when the collector allows less than the role in Grafana', async () => {
  answer('get /v1/health', aHealth({ caller: { workspace: 'default', role: 'Viewer', person: null } }));
  renderApp('', { role: 'Admin' });
  expect(await screen.findByText('You are Admin in Grafana, but Viewer for the collector')).toBeInTheDocument();
});

it('leads an Admin to the configuration when there is no data source, and asks nobody', async () => {
  renderApp('', { datasources: [] });
  expect(await hop('datasource')).toHaveTextContent('No Amazon Marketing Cloud data source is chosen.');
  expect(within(nextStep()).getByRole('link', { name: 'Choose a data source' })).toBeInTheDocument();
});

it('takes no data source for granted when there are several and none was chosen', async () => {
  renderApp('', { datasources: ['eu', 'na'] });
  expect(await hop('datasource')).toHaveTextContent('No Amazon Marketing Cloud data source is chosen.');
});

it('shows a page for addresses that do not exist', async () => {
  renderApp('/nonsense');
  expect(await screen.findByText('This page does not exist')).toBeInTheDocument();
});
