import { screen, waitFor, within } from '@testing-library/react';
import { selectors } from '../../selectors';
import { aDetail, aProblem, aWeek, plannedWeek, withoutWeeks } from '../../testing/fixtures';
import { renderApp } from '../../testing/render-app';
import { answer, disconnect, fail, hang } from '../../testing/server';
import { runServer } from '../../testing/run-server';

const held = runServer();
const running = aDetail({ weekList: [aWeek(0), aWeek(1), plannedWeek(2), plannedWeek(3, { state: 'failed' })] });
const complete = aDetail({ id: '2', name: 'Reach of two', instanceName: 'Instance two', state: 'complete' });
const list = { collections: [withoutWeeks(running), withoutWeeks(complete)] };
const row = (id: string) => screen.findByTestId(selectors.collections.row(id));

it('shows state, progress, what needs a look, and the way to each collection', async () => {
  answer('get /v1/collections', list);
  renderApp('/collections');
  const first = within(await row('1'));
  expect(first.getByRole('link', { name: 'Campaigns of one' })).toHaveAttribute('href', expect.stringContaining('/collections/1'));
  expect(first.getByText('Collecting')).toBeVisible();
  expect(first.getByRole('progressbar')).toHaveAttribute('aria-valuetext', '2 of 4 weeks');
  expect(first.getByText('1 failed')).toBeVisible();
  expect(within(await row('2')).getByText('Up to date')).toBeVisible();
});

it('says that it is loading before the first answer', async () => {
  hang('get /v1/collections');
  renderApp('/collections');
  expect(await screen.findByText('Loading collections')).toBeVisible();
});

it('offers to start a collection when nothing is collected', async () => {
  answer('get /v1/catalogue', { datasets: [], instances: [] });
  const { user } = renderApp('/collections');
  expect(await screen.findByText('Nothing is collected yet')).toBeVisible();
  await user.click(screen.getAllByRole('button', { name: 'Start a collection' })[1]!);
  expect(await screen.findByText('The collector has no AMC instance')).toBeVisible();
});

it('shows what is wrong when the collector is down, and the list after another try', async () => {
  fail(
    'get /v1/collections',
    502,
    aProblem(502, 'collector_connection', 'Nothing answers at collector:8085.', { remedy: 'Start the collector.' }),
  );
  const { user } = renderApp('/collections');
  const failure = await screen.findByTestId(selectors.failure, undefined, { timeout: 5_000 });
  expect(failure).toHaveTextContent('The collections cannot be shown');
  expect(failure).toHaveTextContent('The collector cannot be reached. Nothing answers at collector:8085.Start the collector.');
  answer('get /v1/collections', list);
  await user.click(within(failure).getByRole('button', { name: /Try again/ }));
  expect(await row('1')).toBeVisible();
  expect(screen.queryByTestId(selectors.failure)).not.toBeInTheDocument();
});

it('explains a refusal of Grafana itself', async () => {
  fail('get /v1/collections', 403, {
    message: "You'll need additional permissions to perform this action. Permissions needed: datasources:query",
  });
  renderApp('/collections');
  const failure = await screen.findByTestId(selectors.failure);
  expect(failure).toHaveTextContent('Permissions needed: datasources:query');
  expect(failure).toHaveTextContent('Ask an Admin');
});

it('explains that Grafana does not answer', async () => {
  disconnect('get /v1/collections');
  renderApp('/collections');
  expect(await screen.findByTestId(selectors.failure, undefined, { timeout: 5_000 })).toHaveTextContent('Grafana does not answer');
});

it('keeps the list and says that it may be old when a later look fails', async () => {
  answer('get /v1/collections', list);
  answer('post /v1/collections/{id}/pause', { ...withoutWeeks(running), state: 'paused' });
  const { user } = renderApp('/collections');
  const pause = within(await row('1')).getByTestId(selectors.actions.pause);
  fail('get /v1/collections', 403, { message: 'No' });
  await user.click(pause);
  expect(await screen.findByTestId(selectors.failure)).toHaveTextContent('The list may be out of date');
  expect(await row('1')).toBeVisible();
});

it('finds collections by words in any of their names, keeps the search in the address, and says when none matches', async () => {
  answer('get /v1/collections', list);
  const { user } = renderApp('/collections?search=TWO%20reach');
  expect(await row('2')).toBeVisible();
  expect(screen.queryByTestId(selectors.collections.row('1'))).not.toBeInTheDocument();
  const search = screen.getByRole('textbox', { name: 'Search collections' });
  await user.clear(search);
  expect(await row('1')).toBeVisible();
  await user.type(search, 'nothing like it');
  expect(await screen.findByText('No collection matches the filter')).toBeVisible();
});

it('sorts by a column, the other way at the second click', async () => {
  answer('get /v1/collections', list);
  const { user } = renderApp('/collections');
  await row('1');
  const names = () => screen.getAllByRole('link').map((link) => link.textContent);
  await user.click(screen.getByRole('button', { name: 'Rows' }));
  expect(names()).toEqual(['Campaigns of one', 'Reach of two']);
  await user.click(screen.getByRole('button', { name: 'Rows' }));
  expect(names()).toEqual(['Reach of two', 'Campaigns of one']);
  expect(screen.getByRole('columnheader', { name: 'Rows' })).toHaveAttribute('aria-sort', 'descending');
});

it('pauses and says so', async () => {
  answer('get /v1/collections', list);
  const sent = answer('post /v1/collections/{id}/pause', { ...withoutWeeks(running), state: 'paused' });
  const { user, toasts } = renderApp('/collections');
  await user.click(within(await row('1')).getByTestId(selectors.actions.pause));
  await waitFor(() => expect(toasts).toEqual(['The collection is paused']));
  expect(sent.map(({ path }) => path)).toEqual(['/api/datasources/uid/amc-reports/resources/v1/collections/1/pause']);
});

it('tells why an action failed', async () => {
  answer('get /v1/collections', list);
  fail('post /v1/collections/{id}/pause', 403, aProblem(403, 'forbidden', 'Pausing needs the role Editor.', { remedy: 'Ask an Editor.' }));
  const { user, toasts } = renderApp('/collections');
  await user.click(within(await row('1')).getByTestId(selectors.actions.pause));
  await waitFor(() => expect(toasts).toEqual(['The collection could not be paused: Pausing needs the role Editor. Ask an Editor.']));
});

it('cancels only after the person confirmed', async () => {
  answer('get /v1/collections', list);
  const sent = answer('post /v1/collections/{id}/cancel', { ...withoutWeeks(running), state: 'cancelled' });
  const { user, toasts } = renderApp('/collections');
  await user.click(within(await row('1')).getByTestId(selectors.actions.cancel));
  await user.click(await screen.findByRole('button', { name: 'Keep collecting' }));
  await user.click(within(await row('1')).getByTestId(selectors.actions.cancel));
  expect(sent).toHaveLength(0);
  await user.click(await screen.findByRole('button', { name: 'Cancel the collection' }));
  await waitFor(() => expect(toasts).toEqual(['The collection is cancelled; its data stays']));
  expect(sent).toHaveLength(1);
});

it('gives a Viewer no buttons and says why', async () => {
  answer('get /v1/collections', list);
  renderApp('/collections?start=true', { role: 'Viewer' });
  await row('1');
  expect(screen.getByTestId(selectors.readOnly)).toHaveTextContent('need the role Editor');
  expect(screen.queryByRole('button', { name: /Start|Pause|Cancel/ })).not.toBeInTheDocument();
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
});

it('lets an Editor act', async () => {
  answer('get /v1/collections', list);
  renderApp('/collections', { role: 'Editor' });
  expect(within(await row('1')).getByTestId(selectors.actions.pause)).toBeEnabled();
  expect(screen.queryByTestId(selectors.readOnly)).not.toBeInTheDocument();
});

it('leads an Admin to the configuration when there is no data source, and tells others whom to ask', async () => {
  const admin = renderApp('/collections', { datasources: [] });
  expect(await screen.findByRole('link', { name: /Choose a data source/ })).toHaveAttribute(
    'href',
    expect.stringContaining('/plugins/amcreports-reports-app'),
  );
  admin.unmount();
  renderApp('/collections', { datasources: [], role: 'Viewer' });
  expect(await screen.findByText(/Ask an Admin/)).toBeVisible();
});

it('shows a collection that somebody else started as soon as its event comes', async () => {
  answer('get /v1/collections', list);
  renderApp('/collections');
  await row('1');
  await waitFor(() => expect(screen.getByTestId(selectors.live)).toHaveTextContent('Live'));
  held.stream.send({ type: 'collection', collection: { ...withoutWeeks(complete), id: '3', name: 'Just started' } }, 7);
  expect(await screen.findByRole('link', { name: 'Just started' })).toBeVisible();
});

it('calls a collection with holes incomplete and says how many weeks are out of reach', async () => {
  const holed = withoutWeeks(aDetail({ id: '7', name: 'Old weeks', state: 'incomplete', weeksOutOfReach: 3, weeksDoubtful: 2 }));
  answer('get /v1/collections', { collections: [holed] });
  renderApp('/collections');
  expect(await row('7')).toHaveTextContent('Incomplete, 3 weeks out of reach');
  expect(await row('7')).toHaveTextContent('3 weeks out of reach · 2 doubtful');
  expect(screen.queryByTestId(selectors.actions.resume)).not.toBeInTheDocument();
});

it('says in the list which collections nothing keeps up to date, and finds them by their state', async () => {
  const alone = withoutWeeks(aDetail({ id: '9', name: 'Left alone', state: 'complete', schedule: null }));
  const stuck = withoutWeeks(aDetail({ id: '8', name: 'Stuck', weekList: [aWeek(0), aWeek(1, { state: 'held' })] }));
  answer('get /v1/collections', { collections: [alone, stuck, withoutWeeks(complete)] });
  const { unmount } = renderApp('/collections');
  expect(await row('9')).toHaveTextContent('CompleteNot updated: no schedule');
  expect(await row('2')).not.toHaveTextContent('Not updated');
  expect(await row('8')).toHaveTextContent('Needs attention');
  unmount();
  renderApp('/collections?state=complete');
  await row('9');
  expect(screen.queryByTestId(selectors.collections.row('2'))).not.toBeInTheDocument();
});
