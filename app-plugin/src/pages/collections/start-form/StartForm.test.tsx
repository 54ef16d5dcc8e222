import { screen, waitFor, within } from '@testing-library/react';
import { locationService } from '@grafana/runtime';
import { selectors } from '../../../selectors';
import { aCatalogue, aDetail, aProblem, collectable, withoutWeeks } from '../../../testing/fixtures';
import { renderApp } from '../../../testing/render-app';
import { answer, fail } from '../../../testing/server';
import { runServer } from '../../../testing/run-server';

runServer();
const oneOfEach = () => {
  const { datasets, instances } = aCatalogue();
  return { datasets: datasets.slice(0, 1), instances: instances.slice(0, 1) };
};
const form = async () => within(await screen.findByTestId(selectors.startForm.container));

it('starts the newest weeks, joins the weekly schedule and opens the collection', async () => {
  answer('get /v1/catalogue', oneOfEach());
  const asked = answer('get /v1/collectable-windows', collectable('week'));
  const sent = answer('post /v1/collections', withoutWeeks(aDetail({ id: '8' })), 201);
  answer('get /v1/collections/{id}', aDetail({ id: '8' }));
  const { user, toasts } = renderApp('/collections?start=true', { role: 'Editor' });
  const fields = await form();
  expect(await fields.findByTestId(selectors.startForm.preview)).toHaveTextContent(
    /52 weeks: 8 Dec 2025 – 6 Dec 2026Monday to Sunday, in America\/Los_Angeles. 52 executions at Amazon, one per week./,
  );
  expect(asked.map(({ search }) => search)).toEqual(['?instance=amc1&dataset=campaign_performance']);
  const count = fields.getByTestId(selectors.startForm.count);
  await user.clear(count);
  await user.type(count, '26');
  await user.click(fields.getByTestId(selectors.startForm.submit));
  await waitFor(() => expect(locationService.getLocation().pathname).toBe('/a/amcreports-reports-app/collections/8'));
  expect(sent.map(({ body }) => body)).toEqual([
    { instance: 'amc1', dataset: 'campaign_performance', firstWeek: '2026-06-08', lastWeek: '2026-11-30', schedule: { id: '1' } },
  ]);
  expect(toasts).toEqual(['The collection has started']);
});

it('speaks of months, and of as many executions, where the dataset is monthly', async () => {
  answer('get /v1/catalogue', oneOfEach());
  answer('get /v1/collectable-windows', collectable('month'));
  renderApp('/collections?start=true', { role: 'Editor' });
  const fields = await form();
  expect(await fields.findByTestId(selectors.startForm.preview)).toHaveTextContent(
    '12 months: November 2025 – October 2026Whole calendar months, in America/Los_Angeles. 12 executions at Amazon, one per month.',
  );
  expect(fields.getByLabelText('Number of months')).toHaveValue(12);
  expect(fields.queryByText(/week/i, { selector: 'label, label *' })).not.toBeInTheDocument();
});

it('makes a new schedule where there is none', async () => {
  answer('get /v1/catalogue', oneOfEach());
  answer('get /v1/schedules', { schedules: [] });
  answer('get /v1/collectable-windows', collectable('month', 2));
  const sent = answer('post /v1/collections', withoutWeeks(aDetail()), 201);
  answer('get /v1/collections/{id}', aDetail());
  const { user } = renderApp('/collections?start=true', { role: 'Editor' });
  const fields = await form();
  await fields.findByTestId(selectors.startForm.preview);
  const name = fields.getByTestId(selectors.schedule.name);
  expect(name).toHaveValue('Weekly update');
  await user.clear(name);
  await user.click(fields.getByTestId(selectors.startForm.submit));
  expect(await fields.findByText('Give the new schedule a name')).toBeInTheDocument();
  expect(sent).toHaveLength(0);
  await user.type(name, 'Mine');
  await user.click(fields.getByTestId(selectors.startForm.submit));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).toMatchObject({ schedule: { template: 'weekly', name: 'Mine' } });
});

it('leaves the collection alone when none is chosen', async () => {
  answer('get /v1/catalogue', oneOfEach());
  answer('get /v1/collectable-windows', collectable('week'));
  const sent = answer('post /v1/collections', withoutWeeks(aDetail()), 201);
  answer('get /v1/collections/{id}', aDetail());
  const { user } = renderApp('/collections?start=true', { role: 'Editor' });
  const fields = await form();
  await fields.findByTestId(selectors.startForm.preview);
  await user.click(fields.getByTestId(selectors.schedule.choice));
  await user.click(await screen.findByRole('option', { name: /^None/ }));
  await user.click(fields.getByTestId(selectors.startForm.submit));
  await waitFor(() => expect(sent).toHaveLength(1));
  expect(sent[0]?.body).not.toHaveProperty('schedule');
});

it('asks for what is missing before it asks the collector', async () => {
  answer('get /v1/catalogue', aCatalogue());
  const sent = answer('post /v1/collections', withoutWeeks(aDetail()));
  const { user } = renderApp('/collections?start=true');
  const fields = await form();
  await user.click(fields.getByTestId(selectors.startForm.submit));
  expect(await fields.findByText('Choose an instance')).toBeInTheDocument();
  expect(fields.getByText('Choose a dataset')).toBeInTheDocument();
  expect(sent).toHaveLength(0);
});

it('refuses more than Amazon keeps', async () => {
  answer('get /v1/catalogue', oneOfEach());
  answer('get /v1/collectable-windows', collectable('month'));
  const sent = answer('post /v1/collections', withoutWeeks(aDetail()));
  const { user } = renderApp('/collections?start=true');
  const fields = await form();
  const count = await fields.findByTestId(selectors.startForm.count);
  await user.clear(count);
  await user.type(count, '500');
  await user.click(fields.getByTestId(selectors.startForm.submit));
  expect(await fields.findByText('Amazon keeps 13 months: at most 12 months now')).toBeInTheDocument();
  expect(sent).toHaveLength(0);
});

it('says why a dataset cannot be collected for an instance', async () => {
  answer('get /v1/catalogue', oneOfEach());
  fail('get /v1/collectable-windows', 409, aProblem(409, 'conflict', 'Dataset imported has no SQL.'));
  renderApp('/collections?start=true');
  expect(await (await form()).findByTestId(selectors.failure)).toHaveTextContent('Dataset imported has no SQL.');
});

it('shows the collector’s objection in place and keeps what was filled in', async () => {
  answer('get /v1/catalogue', oneOfEach());
  answer('get /v1/collectable-windows', collectable('week'));
  fail(
    'post /v1/collections',
    409,
    aProblem(409, 'conflict', 'Collection 2 already holds 52 of these weeks. Choose other weeks, or cancel it first.', {
      errors: [{ path: 'name', message: 'overlap with collection 2' }],
    }),
  );
  const { user } = renderApp('/collections?start=true');
  const fields = await form();
  await fields.findByTestId(selectors.startForm.preview);
  await user.type(fields.getByTestId(selectors.startForm.name), 'Mine');
  await user.click(fields.getByTestId(selectors.startForm.submit));
  expect(await fields.findByTestId(selectors.failure)).toHaveTextContent('Collection 2 already holds 52 of these weeks.');
  expect(fields.getByText('overlap with collection 2')).toBeInTheDocument();
  expect(fields.getByTestId(selectors.startForm.name)).toHaveValue('Mine');
});

it('shows why datasets and instances cannot be listed', async () => {
  fail('get /v1/catalogue', 403, aProblem(403, 'forbidden', 'The token may not see this workspace.'));
  renderApp('/collections?start=true');
  expect(await screen.findByText(/The token may not see this workspace/)).toBeInTheDocument();
});
