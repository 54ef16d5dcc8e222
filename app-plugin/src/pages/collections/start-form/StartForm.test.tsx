import { screen, waitFor, within } from '@testing-library/react';
import { locationService } from '@grafana/runtime';
import { selectors } from '../../../selectors';
import { aCatalogue, aDetail, aProblem, withoutWeeks } from '../../../testing/fixtures';
import { renderApp } from '../../../testing/render-app';
import { answer, fail } from '../../../testing/server';
import { runServer } from '../../../testing/run-server';

runServer();
const oneOfEach = () => {
  const { datasets, instances } = aCatalogue();
  return { datasets: datasets.slice(0, 1), instances: instances.slice(0, 1) };
};
const form = async () => within(await screen.findByTestId(selectors.startForm.container));

it('starts the newest weeks and opens the collection', async () => {
  answer('get /v1/catalogue', oneOfEach());
  const sent = answer('post /v1/collections', withoutWeeks(aDetail({ id: '8' })), 201);
  answer('get /v1/collections/{id}', aDetail({ id: '8' }));
  const { user, toasts } = renderApp('/collections?start=true', { role: 'Editor' });
  const fields = await form();
  expect(fields.getByTestId(selectors.startForm.preview)).toHaveTextContent(/52 weeks: .* – .*Monday to Sunday, in America\/Los_Angeles/);
  const weeks = fields.getByTestId(selectors.startForm.weeks);
  await user.clear(weeks);
  await user.type(weeks, '26');
  await user.click(fields.getByTestId(selectors.startForm.submit));
  await waitFor(() => expect(locationService.getLocation().pathname).toBe('/a/amcreports-reports-app/collections/8'));
  expect(sent.map(({ body }) => body)).toEqual([{ instance: 'amc1', dataset: 'campaign_performance', weeks: 26 }]);
  expect(toasts).toEqual(['The collection has started']);
});

it('asks for what is missing before it asks the collector', async () => {
  answer('get /v1/catalogue', aCatalogue());
  const sent = answer('post /v1/collections', withoutWeeks(aDetail()));
  const { user } = renderApp('/collections?start=true');
  const fields = await form();
  const weeks = fields.getByTestId(selectors.startForm.weeks);
  await user.clear(weeks);
  await user.type(weeks, '500');
  await user.click(fields.getByTestId(selectors.startForm.submit));
  expect(await fields.findByText('Choose an instance')).toBeInTheDocument();
  expect(fields.getByText('Choose a dataset')).toBeInTheDocument();
  expect(fields.getByText(/Amazon keeps 13 months: at most \d+ weeks now/)).toBeInTheDocument();
  expect(sent).toHaveLength(0);
});

it('shows the collector’s objection in place and keeps what was filled in', async () => {
  answer('get /v1/catalogue', oneOfEach());
  fail(
    'post /v1/collections',
    409,
    aProblem(409, 'conflict', 'Collection 2 already holds 52 of these weeks. Choose other weeks, or cancel it first.', {
      errors: [{ path: 'weeks', message: 'overlap with collection 2' }],
    }),
  );
  const { user } = renderApp('/collections?start=true');
  const fields = await form();
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
