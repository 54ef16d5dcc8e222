import { CoreApp } from '@grafana/data';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { datasourceWith } from '../testing/datasource';
import { QueryEditor } from './QueryEditor';

const SAVED: AmcQuery = { refId: 'A', version: 2, dataset: 'campaign_performance', metrics: ['spend'] };

async function open(part: Partial<AmcQuery> = {}) {
  const { datasource } = datasourceWith();
  const onRunQuery = jest.fn();
  const seen: AmcQuery[] = [];
  function Panel() {
    const [query, setQuery] = useState<AmcQuery>({ ...SAVED, ...part });
    const onChange = (changed: AmcQuery) => {
      seen.push(changed);
      setQuery(changed);
    };
    return <QueryEditor datasource={datasource} app={CoreApp.Dashboard} query={query} onChange={onChange} onRunQuery={onRunQuery} />;
  }
  render(<Panel />);
  await screen.findByTestId(selectors.query.metrics);
  return { onRunQuery, last: () => seen.at(-1), user: userEvent.setup() };
}

const box = (testId: string) => screen.findByTestId(testId);

it('offers metrics by what they count, with unit and good direction', async () => {
  const { user } = await open();
  await user.click(await box(selectors.query.metrics));
  await screen.findByRole('option', { name: /^Spend/ });
  expect(screen.getAllByTestId('combobox-option-group').map((group) => group.textContent)).toEqual(['Money', 'Counts', 'Ratios']);
  expect(screen.getByRole('option', { name: /^ROAS/ })).toHaveTextContent('higher is better · ROAS in words (Sales ÷ Spend)');
});

it('disables dimensions that cannot stand beside the metrics, with the reason', async () => {
  const { user } = await open({ dataset: 'reach_frequency', metrics: ['reach'], dimensions: ['frequency_bucket'] });
  await user.click(await box(selectors.query.dimensions));
  expect(await screen.findByRole('option', { name: /^Advertiser/ })).toBeEnabled();
  const elsewhere = screen.getByRole('option', { name: /^Ad product/ });
  expect(elsewhere).toHaveTextContent('Not in this dataset; Campaign performance has it');
  expect(elsewhere).toHaveStyle({ pointerEvents: 'none' });
});

it('keeps advanced fields closed until they are used, and then says what is set', async () => {
  const { user } = await open({ compare: 'previous_period', transform: 'share' });
  const section = await box(selectors.query.comparisonSection);
  expect(section).toHaveAttribute('aria-expanded', 'true');
  expect(await box(selectors.query.orderSection)).toHaveAttribute('aria-expanded', 'false');
  await user.click(section);
  expect(section).toHaveTextContent('Period before · Share of total');
});

it('filters on a metric', async () => {
  const { user, last } = await open();
  await user.click(await box(selectors.query.addMetricFilter));
  const value = await box(selectors.query.metricFilterValue(0));
  await user.clear(value);
  await user.type(value, '99,5{Enter}');
  await waitFor(() => expect(last()?.metricFilters).toEqual([{ metric: 'spend', operator: '>', value: 99.5 }]));
});

it('chooses the currency in a field of its own, which is a filter', async () => {
  const { user, last } = await open({ filters: [{ dimension: 'advertiser', operator: '=', values: ['Acme'] }] });
  await user.click(await box(selectors.query.currency));
  await user.click(await screen.findByRole('option', { name: 'EUR' }));
  await waitFor(() =>
    expect(last()?.filters).toEqual([
      { dimension: 'advertiser', operator: '=', values: ['Acme'] },
      { dimension: 'currency', operator: 'in', values: ['EUR'] },
    ]),
  );
  expect(screen.queryByTestId(selectors.query.filterDimension(1))).not.toBeInTheDocument();
});

it('calculates a metric, and says while typing what is wrong with it', async () => {
  const { user, last } = await open();
  await user.click(await box(selectors.query.calculatedSection));
  await user.click(await box(selectors.query.addCalculated));
  await user.type(await box(selectors.query.calculatedName(0)), 'Cost per click');
  await user.type(await box(selectors.query.calculatedExpression(0)), 'spend / click');
  expect(await screen.findByText(/At position 9: There is no metric click here. Did you mean clicks\?/)).toBeVisible();
  await user.type(await box(selectors.query.calculatedExpression(0)), 's{Enter}');
  expect(screen.queryByText(/At position/)).not.toBeInTheDocument();
  await waitFor(() =>
    expect(last()?.calculated).toEqual([{ name: 'cost_per_click', title: 'Cost per click', expression: 'spend / clicks' }]),
  );
});

it('puts what is beyond the limit in one series, and forgets it without a limit', async () => {
  const { user, last } = await open({ limit: 5 });
  await user.click(await box(selectors.query.others));
  await waitFor(() => expect(last()).toMatchObject({ limit: 5, others: true }));
  await user.clear(await box(selectors.query.limit));
  await user.tab();
  await waitFor(() => expect(last()).toMatchObject({ limit: undefined, others: undefined }));
});

it('compares with days of its own, and averages over buckets', async () => {
  const { user, last } = await open({
    compare: 'custom',
    compareTo: { from: '2026-01-05', to: '2026-01-05' },
    transform: 'moving_average',
  });
  const to = await box(selectors.query.compareTo('to'));
  await user.clear(to);
  await user.type(to, '2026-02-01{Enter}');
  await waitFor(() => expect(last()?.compareTo).toEqual({ from: '2026-01-05', to: '2026-02-01' }));
  const points = await box(selectors.query.movingAverage);
  await user.clear(points);
  await user.type(points, '99{Enter}');
  await waitFor(() => expect(last()?.movingAverage).toEqual({ points: 52 }));
});

it('draws a goal and names the series', async () => {
  const { user, last } = await open({ legend: '{{metric}}' });
  await user.click(await box(selectors.query.addGoal));
  const value = await box(selectors.query.goalValue(0));
  await user.clear(value);
  await user.type(value, '1000{Enter}');
  await waitFor(() => expect(last()?.goals).toEqual([{ metric: 'spend', value: 1000 }]));
  const goal = screen.getByRole('group', { name: 'Goal 1' });
  await user.click(within(goal).getByRole('button', { name: 'Remove Goal 1' }));
  await waitFor(() => expect(last()).toMatchObject({ goals: [], legend: '{{metric}}' }));
});
