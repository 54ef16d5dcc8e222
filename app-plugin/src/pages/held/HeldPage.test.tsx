import type { HeldQuestion } from '@amc-reports/collector-service/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { selectors } from '../../selectors';
import { aProblem } from '../../testing/fixtures';
import { renderApp } from '../../testing/render-app';
import { runServer } from '../../testing/run-server';
import { answer, fail } from '../../testing/server';

runServer();

const aQuestion = (parts: Partial<HeldQuestion> = {}): HeldQuestion => ({
  collectionId: '1',
  collection: 'Campaigns of one',
  instance: 'amc1',
  instanceName: 'Instance one',
  dataset: 'campaign_performance',
  datasetVersion: 1,
  rules: ['jump'],
  message: 'Totals are far from the median of 8 like weeks.',
  empty: true,
  acceptable: true,
  window: 'week',
  firstWeek: '2026-03-02',
  lastWeek: '2026-03-16',
  firstDay: '2026-03-02',
  lastDay: '2026-03-22',
  heldAt: '2026-11-20T08:00:00.000Z',
  runIds: ['11', '12', '13'],
  ...parts,
});
const other = aQuestion({
  collectionId: '2',
  collection: 'Reach of two',
  instanceName: 'Instance two',
  dataset: 'reach_frequency',
  rules: ['lost_total'],
  message: 'In the result spend fell to 0.',
  empty: false,
  lastWeek: '2026-03-02',
  lastDay: '2026-03-08',
  runIds: ['21'],
});

function open(questions = [aQuestion(), other], options: Parameters<typeof renderApp>[1] = {}) {
  answer('get /v1/held-questions', { questions, truncated: false });
  return renderApp('/held', options);
}
const row = (runId: string) => screen.findByTestId(selectors.held.row(runId));
const choose = async (runId: string) => within(await row(runId)).getByRole('checkbox');
/** The dialog takes the focus a moment after it is there, from whoever types already. */
async function fill(user: ReturnType<typeof renderApp>['user'], field: HTMLElement, text: string): Promise<void> {
  const dialog = field.closest<HTMLElement>('[role="dialog"]');
  if (dialog) await waitFor(() => expect(dialog).toContainElement(document.activeElement as HTMLElement));
  await user.type(field, text);
  await waitFor(() => expect(field).toHaveValue(text));
}
const button = (decision: string) => screen.getByTestId(selectors.held.decide(decision));
const decidedAbout = (...runs: string[]) => ({
  decided: runs.map((runId) => ({ runId, collectionId: '1', instance: 'amc1', week: '2026-03-02' })),
  refused: [],
  left: 0,
});

it('shows weeks held in a row for one reason as one line', async () => {
  open();
  expect(await row('11')).toHaveTextContent('2 Mar – 22 Mar 2026');
  expect(await row('11')).toHaveTextContent('3 weeks in a row without a row');
  expect(await row('21')).toHaveTextContent('1 week');
  expect(screen.getByRole('link', { name: 'Campaigns of one' })).toHaveAttribute(
    'href',
    expect.stringContaining('collections/1?week=2026-03-16'),
  );
});

it('decides about several questions at once, with a reason, and lists them anew', async () => {
  const { user } = open();
  const sent = answer('post /v1/held-runs/decide', decidedAbout('11', '12', '13', '21'));
  const all = await screen.findByRole('checkbox', { name: 'Choose all that are shown' });
  expect(button('accept')).toBeDisabled();
  await user.click(all);
  expect(screen.getByTestId(selectors.held.bar)).toHaveTextContent('2 questions, 4 results chosen');
  await user.click(button('accept'));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('Accept: 4 results of 2 collections');
  expect(within(dialog).getByTestId(selectors.held.confirm)).toBeDisabled();
  await fill(user, within(dialog).getByTestId(selectors.held.reason), 'the shop was closed');
  answer('get /v1/held-questions', { questions: [], truncated: false });
  await user.click(within(dialog).getByTestId(selectors.held.confirm));
  expect(await screen.findByText('4 results decided')).toBeVisible();
  expect(await screen.findByText('Nothing waits for a person')).toBeVisible();
  // What came of it stays; there is nothing left to decide about.
  expect(screen.getByText('4 results decided')).toBeVisible();
  expect(screen.queryByTestId(selectors.held.decide('accept'))).not.toBeInTheDocument();
  expect(sent.map(({ body }) => body)).toEqual([{ decision: 'accept', reason: 'the shop was closed', runs: ['11', '12', '13', '21'] }]);
});

it('decides only about what the filter shows', async () => {
  const { user } = open();
  const sent = answer('post /v1/held-runs/decide', decidedAbout('21'));
  await user.click(await choose('11'));
  await user.click(await choose('21'));
  await fill(user, screen.getByRole('textbox', { name: 'Search held results' }), 'reach two');
  await waitFor(() => expect(screen.queryByTestId(selectors.held.row('11'))).not.toBeInTheDocument());
  expect(screen.getByTestId(selectors.held.bar)).toHaveTextContent('1 question, 1 result chosen');
  await user.click(button('run_again'));
  const dialog = await screen.findByRole('dialog');
  expect(dialog).toHaveTextContent('an execution is paid for each');
  await fill(user, within(dialog).getByTestId(selectors.held.reason), 'unsure');
  await user.click(within(dialog).getByTestId(selectors.held.confirm));
  await waitFor(() => expect(sent.map(({ body }) => body)).toEqual([{ decision: 'run_again', reason: 'unsure', runs: ['21'] }]));
});

it('tells which were left as they were, and why', async () => {
  const { user } = open();
  answer('post /v1/held-runs/decide', {
    ...decidedAbout('11', '12'),
    refused: [{ runId: '13', code: 'conflict', message: 'Run 13 was accepted already by bob.' }],
  });
  await user.click(await choose('11'));
  await user.click(button('keep'));
  const dialog = await screen.findByRole('dialog');
  await fill(user, within(dialog).getByTestId(selectors.held.reason), 'a mistake');
  await user.click(within(dialog).getByTestId(selectors.held.confirm));
  expect(await screen.findByText('2 results decided, 1 left as before')).toBeVisible();
  expect(screen.getByText('Run 13 was accepted already by bob.')).toBeVisible();
});

it('does not offer to accept what could not be read as rows', async () => {
  const { user } = open([aQuestion({ acceptable: false, rules: ['missing_column'] })]);
  await user.click(await choose('11'));
  expect(button('accept')).toBeDisabled();
  expect(button('keep')).toBeEnabled();
});

it('shows a Viewer what waits, and no way to decide', async () => {
  open([aQuestion()], { role: 'Viewer' });
  await row('11');
  expect(screen.queryByRole('checkbox')).not.toBeInTheDocument();
  expect(screen.queryByTestId(selectors.held.bar)).not.toBeInTheDocument();
});

it('says that nothing waits, and offers no decision', async () => {
  open([]);
  expect(await screen.findByText('Nothing waits for a person')).toBeVisible();
  expect(screen.queryByRole('button', { name: /Accept|Keep|Run again/ })).not.toBeInTheDocument();
  expect(screen.queryByText('Choose what to decide about.')).not.toBeInTheDocument();
});

it('tells why the list cannot be shown', async () => {
  fail('get /v1/held-questions', 403, aProblem(403, 'forbidden', 'Not for you.'));
  renderApp('/held');
  expect(await screen.findByTestId(selectors.failure)).toHaveTextContent('The held results cannot be shown');
});
