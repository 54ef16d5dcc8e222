import { dateTime, LoadingState, toDataFrame, type PanelData } from '@grafana/data';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { selectors } from '../selectors';
import type { Explain } from './explanation';
import { ExplainPanel } from './ExplainPanel';

const EXPLAIN: Explain = {
  question: 'Spend by week.',
  source: {
    dataset: 'campaign_performance',
    title: 'Campaign performance',
    version: 2,
    level: 'campaign',
    rollup: 'rollup_week',
    grain: 'week',
  },
  days: { from: '2026-01-05', to: '2026-02-01' },
  leftOut: ['2026-02-02'],
  comparison: null,
  hidden: [{ metric: 'Purchases', currency: 'EUR', share: 0.342 }],
  fresh: { dataAsOf: '2026-02-03T04:00:00Z', completeUntil: '2026-02-01', weeksMissing: ['2026-01-12'], weeksSettling: [], cached: true },
};
const at = dateTime(0);
const answer = (custom: object, sql?: string): PanelData => ({
  state: LoadingState.Done,
  timeRange: { from: at, to: at, raw: { from: at, to: at } },
  series: [
    toDataFrame({ refId: 'B', fields: [], meta: { custom: { explain: { ...EXPLAIN, question: 'Of another query.' } } } }),
    toDataFrame({ refId: 'A', fields: [], meta: { custom, ...(sql && { executedQueryString: sql }) } }),
  ],
});

async function open(data: PanelData | undefined) {
  render(<ExplainPanel data={data} refId="A" />);
  const section = screen.getByTestId(selectors.query.explain);
  section.focus();
  const user = userEvent.setup();
  await user.keyboard('{Enter}');
  return { user, text: screen.getByTestId(selectors.query.explainText) };
}

it('says in words what was asked, what answered and what is missing, of its own query', async () => {
  const { text } = await open(answer({ explain: EXPLAIN }));
  for (const line of [
    'Spend by week.',
    'Campaign performance, version 2, level campaign, table rollup_week, by week',
    '2026-01-05 to 2026-02-01',
    'Beginning 2026-02-02',
    'Purchases (EUR) 34.2%',
    'complete until 2026-02-01, from the cache',
    '2026-01-12',
  ]) {
    expect(text).toHaveTextContent(line);
  }
  expect(text).not.toHaveTextContent('Compared with');
  expect(text).not.toHaveTextContent('another query');
});

it('shows the SQL, and copies it', async () => {
  // Browsers have a clipboard on pages that are served safely only.
  Object.defineProperty(window, 'isSecureContext', { configurable: true, value: true });
  const { user, text } = await open(answer({ explain: EXPLAIN }, 'SELECT 1'));
  expect(text).toHaveTextContent('SELECT 1');
  const copied = jest.spyOn(navigator.clipboard, 'writeText');
  await user.click(screen.getByTestId(selectors.query.copySql));
  expect(copied).toHaveBeenCalledWith('SELECT 1');
});

it('asks for a run before there is an answer', async () => {
  expect((await open(undefined)).text).toHaveTextContent('Run the query');
});
