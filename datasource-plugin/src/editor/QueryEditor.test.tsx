import { CoreApp } from '@grafana/data';
import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import type { AmcQuery } from '../query';
import { selectors } from '../selectors';
import { CATALOGUE } from '../testing/catalogue';
import { datasourceWith, problem, type Variable } from '../testing/datasource';
import { QueryEditor } from './QueryEditor';

const SAVED: AmcQuery = { refId: 'A', version: 2, dataset: 'campaign_performance', metrics: ['spend'] };

interface Options {
  saved?: AmcQuery;
  app?: CoreApp;
  variables?: Record<string, Variable>;
  answer?: Parameters<typeof datasourceWith>[0];
}

function open({ saved = SAVED, app = CoreApp.Dashboard, variables = {}, answer }: Options = {}) {
  const { datasource, asked } = datasourceWith(answer, variables);
  const onRunQuery = jest.fn();
  const seen: AmcQuery[] = [];
  function Panel() {
    const [query, setQuery] = useState(saved);
    const onChange = (changed: AmcQuery) => {
      seen.push(changed);
      setQuery(changed);
    };
    return <QueryEditor datasource={datasource} app={app} query={query} onChange={onChange} onRunQuery={onRunQuery} />;
  }
  render(<Panel />);
  return { asked, onRunQuery, last: () => seen.at(-1), user: userEvent.setup() };
}

const field = (testId: string) => screen.findByTestId(testId);

type User = ReturnType<typeof open>['user'];
const choose = async (user: User, box: string, option: string | RegExp) => {
  await user.click(await field(box));
  await user.click(await screen.findByRole('option', { name: option }));
};

describe('before anything can be asked', () => {
  it('says that it is waiting for the collector', async () => {
    open();
    expect(screen.getByTestId(selectors.query.loading)).toHaveTextContent('Asking the collector');
    await field(selectors.query.metrics);
  });

  it('shows the words of the collector when it fails, and recovers', async () => {
    let down = true;
    const { user } = open({
      answer: () => {
        if (down) {
          throw problem(401, 'The bearer token is not known, or was revoked.');
        }
        return CATALOGUE;
      },
    });
    expect(await field(selectors.query.failed)).toHaveTextContent('The bearer token is not known, or was revoked.');
    down = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await field(selectors.query.metrics)).toBeVisible();
  });

  it('says what to do when there is no dataset', async () => {
    open({ answer: () => ({ datasets: [], instances: [] }) });
    expect(await field(selectors.query.empty)).toHaveTextContent('nothing to query yet');
  });
});

describe('writing a query', () => {
  it('lifts a query of an older form when it is opened', async () => {
    const { last } = open({ saved: { refId: 'A', metrics: ['spend'] } });
    await field(selectors.query.metrics);
    expect(last()).toEqual({ refId: 'A', metrics: ['spend'], version: 2 });
  });

  it('shows the growth of weeks that was saved under its old name', async () => {
    const saved = { refId: 'A', version: 1, queryType: 'restatement', metrics: ['spend'] } as unknown as AmcQuery;
    const { last } = open({ saved });
    expect(await field(selectors.query.queryType)).toHaveValue('Growth of weeks');
    expect(last()).toEqual({ refId: 'A', version: 2, queryType: 'week_growth', metrics: ['spend'] });
  });

  it('takes the empty query type that Grafana starts an alert rule with for metrics', async () => {
    open({ app: CoreApp.UnifiedAlerting, saved: { ...SAVED, queryType: '' } as unknown as AmcQuery });
    expect(await field(selectors.query.queryType)).toHaveValue('Metrics');
  });

  it('finds a metric by its description and runs the query', async () => {
    const { user, last, onRunQuery } = open();
    const metrics = await field(selectors.query.metrics);
    await user.click(metrics);
    await user.keyboard('ROAS');
    expect(await screen.findByText('higher is better · ROAS in words (Sales ÷ Spend)')).toBeVisible();
    await user.click(screen.getByRole('option', { name: /^ROAS/ }));
    await waitFor(() => expect(last()?.metrics).toEqual(['spend', 'roas']));
    expect(onRunQuery).toHaveBeenCalled();
  });

  it('forgets what was typed once it led to a choice', async () => {
    const { user, last } = open();
    const metrics = await field(selectors.query.metrics);
    await user.click(metrics);
    await user.keyboard('ROAS');
    await user.click(await screen.findByRole('option', { name: /^ROAS/ }));
    await waitFor(() => expect(last()?.metrics).toEqual(['spend', 'roas']));
    expect(metrics).toHaveValue('');
    expect(await screen.findByRole('option', { name: /^Clicks/ })).toBeVisible();
  });

  it('shows the whole range as a table, since a series would have one point', async () => {
    const { user, last } = open();
    await user.click(await screen.findByLabelText('Whole range'));
    await waitFor(() => expect(last()).toMatchObject({ grain: 'total', format: 'table' }));
  });

  it('can be written with the keyboard alone', async () => {
    const { user, last } = open();
    const dimensions = await field(selectors.query.dimensions);
    dimensions.focus();
    await user.keyboard('Advert');
    await screen.findByRole('option', { name: /Advertiser/ });
    await user.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(last()?.dimensions).toEqual(['advertiser']));
  });

  it('offers the variables of the dashboard', async () => {
    const { user, last } = open({ variables: { advertiser: {} } });
    await user.click(await field(selectors.query.instances));
    await user.click(await screen.findByRole('option', { name: /\$advertiser/ }));
    await waitFor(() => expect(last()?.instances).toEqual(['$advertiser']));
  });

  it('keeps of a query what another dataset knows too', async () => {
    const { user, last } = open({ saved: { ...SAVED, dimensions: ['advertiser', 'campaign'], grain: 'day' } });
    await user.click(await field(selectors.query.dataset));
    await user.click(await screen.findByRole('option', { name: /Reach and frequency/ }));
    expect(last()).toMatchObject({ dataset: 'reach_frequency', metrics: ['reach'], dimensions: ['advertiser'], grain: 'auto' });
  });

  it('takes a limit when the field is left, and no nonsense', async () => {
    const { user, last } = open();
    await user.click(await field(selectors.query.orderSection));
    await user.type(await field(selectors.query.limit), '20');
    await user.tab();
    await waitFor(() => expect(last()?.limit).toBe(20));
    await user.clear(await field(selectors.query.limit));
    await user.type(await field(selectors.query.limit), '-5');
    await user.tab();
    await waitFor(() => expect(last()?.limit).toBeUndefined());
  });

  it('compares with the year before, by weekdays or by dates', async () => {
    const { user, last } = open();
    await user.click(await field(selectors.query.comparisonSection));
    for (const [label, compare] of [
      ['Year before, same weekdays', 'previous_year'],
      ['Year before, same dates', 'previous_year_dates'],
    ] as const) {
      await user.click(await field(selectors.query.compare));
      await user.click(await screen.findByRole('option', { name: label }));
      expect(last()?.compare).toBe(compare);
    }
  });

  it('leaves out what Amazon hid when the switch is off', async () => {
    const { user, last } = open();
    await user.click(await field(selectors.query.rowsSection));
    const shown = await field(selectors.query.rest);
    expect(shown).toBeChecked();
    await user.click(shown);
    expect(last()?.rest).toBe('hide');
    await user.click(shown);
    expect(last()?.rest).toBe('show');
  });

  it.each([
    ['numbers leave', { saved: { ...SAVED, format: 'numeric' as const } }],
    ['the newest bucket leaves', { saved: { ...SAVED, latest: true } }],
    ['an alert rule leaves', { app: CoreApp.UnifiedAlerting }],
  ])('tells that %s it out unless it is switched on', async (_what, options) => {
    const { user, last } = open(options);
    await field(selectors.query.metrics);
    // What is set already opens its section.
    if (!screen.queryByTestId(selectors.query.rest)) {
      await user.click(await field(selectors.query.rowsSection));
    }
    const shown = await field(selectors.query.rest);
    expect(shown).not.toBeChecked();
    await user.click(shown);
    expect(last()?.rest).toBe('show');
  });

  it('saves neither the zone nor the mark of a query that was sent', async () => {
    const { last } = open({ app: CoreApp.UnifiedAlerting, saved: { ...SAVED, interpolated: true, timeZone: 'Asia/Tokyo' } });
    await field(selectors.query.metrics);
    expect(last()).toEqual(SAVED);
  });

  it('asks for whole weeks without metrics when it shows freshness', async () => {
    const { user, last, onRunQuery } = open({ saved: { ...SAVED, metrics: [] } });
    await choose(user, selectors.query.queryType, /Freshness/);
    expect(last()?.queryType).toBe('freshness');
    expect(onRunQuery).toHaveBeenCalled();
    expect(screen.queryByTestId(selectors.query.metrics)).not.toBeInTheDocument();
  });

  it('follows how weeks grew: as lines, runs, and completeness by age, for metrics that have totals', async () => {
    const { user, last, onRunQuery } = open();
    await choose(user, selectors.query.queryType, /Growth of weeks/);
    expect(last()).toMatchObject({ queryType: 'week_growth', metrics: ['spend'] });
    expect(onRunQuery).toHaveBeenCalled();
    for (const [label, asked] of [
      ['Table of runs', { format: 'table', grain: 'week' }],
      ['Completeness by age', { format: 'table', grain: 'total' }],
      ['Numbers by age', { format: 'numeric', grain: 'total' }],
      ['Line per week', { format: 'timeseries', grain: 'week' }],
    ] as const) {
      await user.click(screen.getByLabelText(label));
      expect(last()).toMatchObject(asked);
      expect(screen.getByLabelText(label)).toBeChecked();
    }
    await user.click(await field(selectors.query.metrics));
    expect(await screen.findByRole('option', { name: /ROAS/ })).toBeVisible();
    expect(screen.queryByRole('option', { name: /Reach/ })).not.toBeInTheDocument();
    expect(screen.queryByTestId(selectors.query.dimensions)).not.toBeInTheDocument();
  });

  it('does not run a query that lost its last metric', async () => {
    const { user, last, onRunQuery } = open();
    await user.click(within((await field(selectors.query.metrics)).parentElement as HTMLElement).getByLabelText(/Remove Spend/));
    expect(last()?.metrics).toEqual([]);
    expect(onRunQuery).not.toHaveBeenCalled();
  });
});

describe('filters', () => {
  const withValues: Parameters<typeof datasourceWith>[0] = ({ url }) =>
    url.includes('/dimensions/') ? { values: [{ value: 'acme', label: 'Acme "Best", Inc. 🎄' }], truncated: false } : CATALOGUE;

  it('are added, filled with values from the collector, and removed', async () => {
    const { user, last, asked } = open({ answer: withValues });
    await user.click(await field(selectors.query.addFilter));
    expect(await field(selectors.query.filterValues(0))).toBeDisabled();
    await user.click(await field(selectors.query.filterDimension(0)));
    await user.click(await screen.findByRole('option', { name: /Advertiser/ }));
    await user.click(await field(selectors.query.filterValues(0)));
    await user.click(await screen.findByRole('option', { name: /Acme "Best", Inc/ }));
    await waitFor(() => expect(last()?.filters).toEqual([{ dimension: 'advertiser', operator: 'in', values: ['acme'] }]));
    expect(asked.at(-1)?.url).toContain('v1/dimensions/advertiser/values');
    await user.click(screen.getByRole('button', { name: 'Remove Filter 1' }));
    expect(last()?.filters).toEqual([]);
  });

  it('know a name from the list from a variable, whatever it reads like', async () => {
    const names = { values: [{ value: '[[Q4]]', label: '[[Q4]]' }], truncated: false };
    const { user, last } = open({
      answer: ({ url }) => (url.includes('/dimensions/') ? names : CATALOGUE),
      variables: { campaign: {} },
      saved: { ...SAVED, filters: [{ dimension: 'campaign', operator: 'in', values: [] }] },
    });
    await user.click(await field(selectors.query.filterValues(0)));
    await user.click(await screen.findByRole('option', { name: '[[Q4]]' }));
    await user.click(await screen.findByRole('option', { name: /\$campaign/ }));
    await waitFor(() =>
      expect(last()?.filters).toEqual([{ dimension: 'campaign', operator: 'in', values: ['[[Q4]]', '$campaign'], fixed: ['[[Q4]]'] }]),
    );
  });

  it('keep only one value when the operator takes one', async () => {
    const { user, last } = open({
      answer: withValues,
      saved: { ...SAVED, filters: [{ dimension: 'campaign', operator: 'in', values: ['a', 'b'] }] },
    });
    await user.click(await field(selectors.query.filterOperator(0)));
    await user.click(await screen.findByRole('option', { name: 'contains' }));
    expect(last()?.filters).toEqual([{ dimension: 'campaign', operator: 'contains', values: ['a'] }]);
  });
});

describe('hints', () => {
  it('change the query at a click', async () => {
    const { user, last } = open({ app: CoreApp.UnifiedAlerting, saved: { ...SAVED, metrics: ['clicks'] } });
    await user.click(await screen.findByRole('button', { name: 'Use the newest one' }));
    expect(last()).toMatchObject({ latest: true, format: 'numeric' });
    expect(screen.queryByRole('button', { name: 'Use the newest one' })).not.toBeInTheDocument();
  });
});
