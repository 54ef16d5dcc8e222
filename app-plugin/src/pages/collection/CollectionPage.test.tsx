import type { CollectionDetail, Week } from '@amc-reports/collector-service/contract';
import { act, screen, waitFor, within } from '@testing-library/react';
import { formatInstant } from '../../format/instant';
import { selectors } from '../../selectors';
import { aDetail, aMonth, aProblem, aWeek, plannedWeek, withoutWeeks } from '../../testing/fixtures';
import { renderApp } from '../../testing/render-app';
import { answer, fail, hang } from '../../testing/server';
import { runServer } from '../../testing/run-server';

const held = runServer();

const broken = (index: number, parts: Partial<Week> = {}): Week =>
  aWeek(index, {
    state: 'failed',
    attempt: 5,
    error: {
      code: 'execution_failed',
      message: 'Amazon could not finish the query.',
      remedy: 'Simplify the SQL.',
      at: '2026-11-20T09:00:00.000Z',
    },
    ...parts,
  });

function open(weekList: Week[], options: Parameters<typeof renderApp>[1] = {}, parts: Partial<CollectionDetail> = {}) {
  const collection = aDetail({ weekList, ...parts });
  const sent = answer('get /v1/collections/{id}', collection);
  return { collection, sent, ...renderApp('/collections/1', options) };
}

const weeks = (count: number, change: Record<number, Week> = {}): Week[] =>
  Array.from({ length: count }, (_, index) => change[index] ?? aWeek(index));
const grid = () => screen.findByTestId(selectors.collection.grid);
const cell = (week: Week) => screen.getByTestId(selectors.collection.week(week.week));
const details = () => screen.getByTestId(selectors.collection.details);

it('draws a cell per week that says its state, age and rows in words', async () => {
  const list = weeks(52, { 50: aWeek(50, { age: 'provisional' }), 51: plannedWeek(51) });
  open(list);
  await grid();
  expect(screen.getAllByRole('gridcell')).toHaveLength(52);
  expect(cell(list[0]!)).toHaveAccessibleName('Week of 10 Nov 2025, Done, Final, 1,000 rows');
  expect(cell(list[50]!)).toHaveAccessibleName('Week of 26 Oct 2026, Done, Provisional, 1,050 rows');
  expect(cell(list[51]!)).toHaveAccessibleName('Week of 2 Nov 2026, Planned, Final');
});

it('has a legend of the states that occur, with their numbers', async () => {
  open(weeks(5, { 1: broken(1), 4: plannedWeek(4) }));
  await grid();
  const legend = within(screen.getByRole('list', { name: 'Legend' }));
  expect(legend.getAllByRole('listitem').map((item) => item.textContent)).toEqual([
    'Done (3)',
    'Planned (1)',
    'Failed (1)',
    'Dashboards show earlier data meanwhile',
  ]);
});

it('opens with the first week that needs a look, and tells what to do about it', async () => {
  open(weeks(20, { 7: broken(7), 9: broken(9) }));
  await grid();
  expect(details()).toHaveTextContent('29 Dec 2025 – 4 Jan 2026');
  expect(details()).toHaveTextContent('Amazon could not finish the query.');
  expect(details()).toHaveTextContent('Simplify the SQL.');
  expect(details()).toHaveTextContent('Retries5');
});

it('shows the chosen week, and keeps it in the address', async () => {
  const list = weeks(20);
  const { user } = open(list);
  await grid();
  await user.click(cell(list[3]!));
  expect(details()).toHaveTextContent('1 Dec – 7 Dec 2025');
  expect(details()).toHaveTextContent('Amazon does not change it any more');
  expect(within(details()).getByText('execution-3')).toBeInTheDocument();
});

it('is one stop for the tab key, moves by arrows, Home and End, and chooses by Enter', async () => {
  const list = weeks(20);
  const { user } = open(list);
  await grid();
  const tabbable = screen.getAllByRole('gridcell').map((gridcell) => within(gridcell).getByRole('button').tabIndex);
  expect(tabbable.filter((index) => index === 0)).toHaveLength(1);
  act(() => cell(list[0]!).focus());
  await user.keyboard('{ArrowRight}');
  expect(cell(list[1]!)).toHaveFocus();
  // The simulated browser's elements are 600 pixels wide: nine cells in a row.
  await user.keyboard('{ArrowDown}');
  expect(cell(list[10]!)).toHaveFocus();
  await user.keyboard('{Home}');
  expect(cell(list[9]!)).toHaveFocus();
  await user.keyboard('{Control>}{End}{/Control}');
  expect(cell(list[19]!)).toHaveFocus();
  expect(cell(list[19]!)).toHaveAttribute('tabindex', '0');
  await user.keyboard('{ArrowUp}{ArrowLeft}{Enter}');
  expect(cell(list[9]!)).toHaveFocus();
  expect(screen.getByRole('gridcell', { selected: true })).toContainElement(cell(list[9]!));
  expect(details()).toHaveTextContent('12 Jan – 18 Jan 2026');
});

it('follows a week by events, without asking again', async () => {
  const list = weeks(4, { 3: plannedWeek(3) });
  const { collection, sent } = open(list);
  await grid();
  await waitFor(() => expect(screen.getByTestId(selectors.live)).toHaveTextContent('Live'));
  const before = sent.length;
  held.stream.send({ type: 'week', collectionId: '1', week: aWeek(3, { state: 'merging', served: false }) }, 2);
  await waitFor(() => expect(cell(list[3]!)).toHaveAttribute('data-state', 'merging'));
  held.stream.send({ type: 'week', collectionId: '1', week: aWeek(3) }, 3);
  held.stream.send(
    {
      type: 'collection',
      collection: { ...withoutWeeks(collection), state: 'complete', weeks: { ...collection.weeks, done: 4, planned: 0 } },
    },
    3,
  );
  await waitFor(() => expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '4'));
  expect(screen.getByText('Up to date')).toBeInTheDocument();
  expect(screen.queryByTestId(selectors.actions.pause)).not.toBeInTheDocument();
  expect(sent).toHaveLength(before);
});

it('comes back after the stream broke: from the last id, with a fresh look', async () => {
  const list = weeks(4, { 3: plannedWeek(3) });
  const { sent } = open(list);
  await grid();
  await waitFor(() => expect(held.stream.connections).toHaveLength(1));
  held.stream.send({ type: 'week', collectionId: '1', week: aWeek(3, { state: 'running', served: false }) }, 41);
  await waitFor(() => expect(cell(list[3]!)).toHaveAttribute('data-state', 'running'));
  const before = sent.length;
  answer('get /v1/collections/{id}', aDetail({ weekList: weeks(4) }));
  held.stream.drop();
  await waitFor(() => expect(held.stream.connections).toHaveLength(2));
  expect(held.stream.connections[1]?.lastEventId).toBe('41');
  await waitFor(() => expect(cell(list[3]!)).toHaveAttribute('data-state', 'done'));
  expect(before).toBeGreaterThan(0);
});

it('says that it asks by itself while the stream is refused', async () => {
  held.stream.refuse(502);
  open(weeks(4));
  await grid();
  await waitFor(() => expect(screen.getByTestId(selectors.live)).toHaveTextContent('Every 10 s'));
});

it('leaves the stream when the page is left', async () => {
  const { unmount } = open(weeks(4));
  await grid();
  await waitFor(() => expect(held.stream.connections).toHaveLength(1));
  unmount();
  await waitFor(() => expect(held.stream.connections[0]?.aborted).toBe(true));
});

it('retries a failed week', async () => {
  const list = weeks(4, { 1: broken(1) });
  const retried = answer('post /v1/collections/{id}/weeks/{week}/retry', plannedWeek(1, { served: true }), 202);
  const { user, toasts } = open(list);
  await grid();
  answer('get /v1/collections/{id}', aDetail({ weekList: weeks(4, { 1: plannedWeek(1, { served: true }) }) }));
  await user.click(screen.getByTestId(selectors.collection.retry));
  await waitFor(() => expect(cell(list[1]!)).toHaveAttribute('data-state', 'planned'));
  expect(retried.map(({ path }) => path)).toEqual(['/api/datasources/uid/amc-reports/resources/v1/collections/1/weeks/2025-11-17/retry']);
  expect(toasts).toEqual(['The week is planned again']);
});

it('tells why a week cannot be retried', async () => {
  fail(
    'post /v1/collections/{id}/weeks/{week}/retry',
    409,
    aProblem(409, 'conflict', 'A run of this week is under way.', { remedy: 'Wait until it ends.' }),
  );
  const { user, toasts } = open(weeks(4, { 1: broken(1) }));
  await grid();
  await user.click(screen.getByTestId(selectors.collection.retry));
  await waitFor(() =>
    expect(toasts).toEqual(['The week could not be planned again: A run of this week is under way. Wait until it ends.']),
  );
});

it('offers no retry while a run is under way', async () => {
  open(weeks(4, { 3: plannedWeek(3, { state: 'running' }) }));
  await grid();
  expect(details()).toHaveTextContent('Amazon computes the result.');
  expect(screen.queryByTestId(selectors.collection.retry)).not.toBeInTheDocument();
});

it('gives a Viewer no buttons and says why', async () => {
  open(weeks(4, { 1: broken(1) }), { role: 'Viewer' });
  await grid();
  expect(screen.getByTestId(selectors.readOnly)).toBeInTheDocument();
  for (const testId of [selectors.collection.retry, selectors.actions.pause, selectors.actions.cancel])
    expect(screen.queryByTestId(testId)).not.toBeInTheDocument();
});

it('gives Amazon’s reason when the collection was stopped, and lets an Editor resume', async () => {
  const { user, toasts, collection } = open(
    weeks(2, { 1: plannedWeek(1) }),
    { role: 'Editor' },
    { state: 'stopped', stopReason: 'Unknown column "asin".' },
  );
  await grid();
  expect(screen.getByText(/Unknown column "asin"\. Put right/)).toBeInTheDocument();
  answer('post /v1/collections/{id}/resume', { ...withoutWeeks(collection), state: 'running', stopReason: null });
  await user.click(screen.getByTestId(selectors.actions.resume));
  await waitFor(() => expect(toasts).toEqual(['The collection goes on']));
});

it('says since when a stop that heals lasts, why, and when Amazon is asked again', async () => {
  const refusal = {
    code: 'amc_grant_revoked',
    message: 'Amazon no longer accepts the refresh token.',
    since: '2026-11-20T08:00:00.000Z',
    nextTryAt: '2026-11-20T10:30:00.000Z',
  };
  const stopped = { state: 'stopped', stopReason: refusal.message, stoppedAt: '2026-11-20T09:15:00.000Z', refusal } as const;
  open(weeks(2, { 1: plannedWeek(1) }), { role: 'Editor' }, stopped);
  await grid();
  const alert = screen.getByRole('alert');
  for (const text of [formatInstant(stopped.stoppedAt), refusal.message, formatInstant(refusal.nextTryAt), 'goes on by itself'])
    expect(alert).toHaveTextContent(text);
});

it('says that a slip of Amazon’s is tried again while the collection runs', async () => {
  const refusal = {
    code: 'amc_forbidden',
    message: 'No access.',
    since: '2026-11-20T08:00:00.000Z',
    nextTryAt: '2026-11-20T08:05:00.000Z',
  };
  open(weeks(2, { 1: plannedWeek(1) }), { role: 'Editor' }, { refusal });
  await grid();
  expect(screen.getByText(/may be a slip/)).toHaveTextContent(`tried again at ${formatInstant(refusal.nextTryAt)}`);
});

it('shows a loading state, an unknown collection, and a collector that is away', async () => {
  hang('get /v1/collections/{id}');
  const first = renderApp('/collections/1');
  expect(await screen.findByText('Loading the collection')).toBeInTheDocument();
  first.unmount();
  fail('get /v1/collections/{id}', 404, aProblem(404, 'not_found', 'There is no such collection among those you may see.'));
  const second = renderApp('/collections/99');
  expect(await screen.findByTestId(selectors.failure)).toHaveTextContent('There is no such collection');
  second.unmount();
  fail('get /v1/collections/{id}', 502, { message: 'Bad gateway' });
  renderApp('/collections/1');
  expect(await screen.findByTestId(selectors.failure)).toHaveTextContent('Check that the collector runs');
});

const doubt = {
  findings: [{ rule: 'few_rows', message: 'The week has no rows, and the weeks around it about 400.' }],
  note: 'Asked again, Amazon gave the same.',
};

it('marks a doubtful week, says why, and lets an Editor confirm it with a reason', async () => {
  const list = weeks(10, { 4: aWeek(4, { rows: 0, doubt }) });
  const { user, toasts } = open(list, { role: 'Editor' }, { state: 'complete' });
  await grid();
  expect(cell(list[4]!)).toHaveAccessibleName('Week of 8 Dec 2025, Done, Final, 0 rows, doubtful');
  expect(screen.getByRole('list', { name: 'Legend' })).toHaveTextContent('Doubtful (1)');
  const shown = await screen.findByTestId(selectors.collection.doubt);
  expect(shown).toHaveTextContent('The week has no rows, and the weeks around it about 400.Asked again, Amazon gave the same.');
  const sent = answer('post /v1/collections/{id}/weeks/{week}/confirm', aWeek(4, { rows: 0 }));
  expect(screen.getByTestId(selectors.collection.confirm)).toBeDisabled();
  await user.click(within(shown).getByRole('textbox', { name: 'It is right, because' }));
  await user.paste('the shop was closed');
  answer('get /v1/collections/{id}', aDetail({ weekList: weeks(10, { 4: aWeek(4, { rows: 0 }) }) }));
  await user.click(screen.getByTestId(selectors.collection.confirm));
  await waitFor(() => expect(toasts).toEqual(['The week is confirmed']));
  expect(sent.map(({ body }) => body)).toEqual([{ reason: 'the shop was closed' }]);
  await waitFor(() => expect(screen.queryByTestId(selectors.collection.doubt)).not.toBeInTheDocument());
});

it('tells how many weeks are out of reach and what may still be done', async () => {
  open(weeks(10), {}, { state: 'incomplete', weeksOutOfReach: 2 });
  await grid();
  expect(within(screen.getByRole('alert')).getByText('2 weeks out of reach')).toBeVisible();
  expect(screen.getAllByText(/Incomplete, 2 weeks out of reach/)[0]).toBeVisible();
});

describe('a monthly collection', () => {
  const months = Array.from({ length: 12 }, (_, index) => aMonth(index));

  it('is shown as months: cells, range, counts and the chosen one', async () => {
    const { user } = open(months, {}, { window: 'month', schedule: { id: '1', name: 'Updates', state: 'active' } });
    await grid();
    expect(cell(months[11]!)).toHaveAccessibleName('October 2026, Done, Final, 1,000 rows');
    expect(cell(months[11]!)).toHaveTextContent('Oct 2026');
    expect(screen.getByText(/12 months, November 2025 – October 2026, in America\/Los_Angeles/)).toBeVisible();
    expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuetext', '12 of 12 months');
    await user.click(cell(months[0]!));
    expect(details()).toHaveTextContent('November 2025');
    expect(details()).toHaveTextContent('1 Nov – 30 Nov 2025');
    expect(within(details()).getByTestId(selectors.collection.retry)).toHaveTextContent('Collect this month again');
    expect(screen.getByTestId(selectors.collection.container)).not.toHaveTextContent(/week/i);
  });
});

it('shows windows of several weeks by their days', async () => {
  const list = weeks(3).map((week) => ({ ...week, firstDay: '2026-09-28', lastDay: '2026-10-25' }));
  open(list, {}, { window: '4_weeks' });
  await grid();
  expect(cell(list[2]!)).toHaveAccessibleName('28 Sep – 25 Oct 2026, Done, Final, 1,002 rows');
  expect(screen.getByRole('progressbar')).toHaveAttribute('aria-valuetext', '3 of 3 4-week windows');
});

describe('a collection that no schedule holds', () => {
  it('says so, and an Editor chooses one', async () => {
    const { user, toasts, collection } = open(weeks(4), { role: 'Editor' }, { state: 'complete', schedule: null });
    await grid();
    expect(screen.getByText('Complete')).toBeVisible();
    expect(screen.getByTestId(selectors.schedule.missing)).toHaveTextContent('This collection is not kept up to date');
    const schedule = { id: '1', name: 'Weekly update', state: 'active' } as const;
    const sent = answer('post /v1/collections/{id}/schedule', { ...withoutWeeks(collection), schedule });
    await user.click(screen.getByTestId(selectors.schedule.open));
    await user.click(await screen.findByTestId(selectors.schedule.confirm));
    await waitFor(() => expect(screen.queryByTestId(selectors.schedule.missing)).not.toBeInTheDocument());
    expect(sent.map(({ body }) => body)).toEqual([{ id: '1' }]);
    expect(toasts).toEqual(['The collection is kept up to date from now on']);
    expect(screen.getByText('Up to date')).toBeVisible();
  });

  it('keeps the choice and says why when it is refused', async () => {
    const { user } = open(weeks(4), { role: 'Editor' }, { state: 'complete', schedule: null });
    await grid();
    fail('post /v1/collections/{id}/schedule', 409, aProblem(409, 'conflict', 'It belongs to schedule ‘Other’ already.'));
    await user.click(screen.getByTestId(selectors.schedule.open));
    await user.click(await screen.findByTestId(selectors.schedule.confirm));
    expect(await screen.findByText(/belongs to schedule ‘Other’ already/)).toBeVisible();
  });

  it('tells a Viewer whom to ask', async () => {
    open(weeks(4), { role: 'Viewer' }, { state: 'complete', schedule: null });
    await grid();
    expect(screen.getByTestId(selectors.schedule.missing)).toHaveTextContent('Somebody with the role Editor can choose one.');
    expect(screen.queryByTestId(selectors.schedule.open)).not.toBeInTheDocument();
  });
});

it('asks again what keeps it up to date when a schedule changes', async () => {
  const { collection } = open(weeks(4), {}, { state: 'complete' });
  await grid();
  await waitFor(() => expect(screen.getByTestId(selectors.live)).toHaveTextContent('Live'));
  answer('get /v1/collections/{id}', { ...collection, schedule: null });
  held.stream.send({ type: 'schedule', id: '1' }, 9);
  expect(await screen.findByText('This collection is not kept up to date')).toBeVisible();
});
