import { createTheme, FieldType, getDefaultTimeRange, LoadingState, toDataFrame, type Labels, type PanelProps } from '@grafana/data';
import { render, screen } from '@testing-library/react';
import { KpiPanel } from './KpiPanel';
import { kpisOf } from './kpis';
import type { KpiOptions } from './options';

const number = (value: number | null, labels: Labels) =>
  toDataFrame({ fields: [{ name: 'spend', type: FieldType.number, values: [value], labels, config: { unit: 'currencyUSD' } }] });
const compared = (value: number, previous: number | null, change: number | null, labels: Labels = { currency: 'USD' }) => [
  number(value, labels),
  number(previous, { ...labels, period: 'previous' }),
  number(change, { ...labels, period: 'change' }),
];

function show(series: ReturnType<typeof compared>, options: KpiOptions = { better: 'up' }, compare = 'previous_period') {
  const props = {
    data: { series, state: LoadingState.Done, timeRange: getDefaultTimeRange(), request: { targets: [{ refId: 'A', compare }] } },
    options,
    title: 'Spend',
    fieldConfig: { defaults: {}, overrides: [] },
    width: 200,
    height: 140,
  } as unknown as PanelProps<KpiOptions>;
  return render(<KpiPanel {...props} />);
}

it('says the number, its change with its sign, and what it was', () => {
  show(compared(1500, 1200, 0.25));
  expect(screen.getByText('$1.50K')).toBeVisible();
  expect(screen.getByText(/\+25 %/)).toBeVisible();
  expect(screen.getByText(/vs\. \$1\.20K/)).toBeVisible();
  expect(screen.getByRole('group', { name: 'Spend: $1.50K, +25 % against $1.20K in the period before' })).toBeVisible();
});

it.each([
  ['up', 0.1, 'success'],
  ['up', -0.1, 'error'],
  ['down', -0.1, 'success'],
  ['neutral', 0.1, undefined],
] as const)('where %s is good, a change of %d is coloured as %s', (better, change, colour) => {
  show(compared(110, 100, change), { better });
  const theme = createTheme();
  const shown = screen.getByText(/10 %/);
  if (colour) expect(shown).toHaveStyle({ color: theme.colors[colour].text });
  else expect(shown.className).toBe('');
});

it('says that there is no number before instead of a change of 0 %', () => {
  // The answer leaves out what does not exist.
  const { unmount } = show([number(1500, { currency: 'USD' })]);
  expect(screen.getByText('no number in the period before')).toBeVisible();
  expect(screen.queryByText(/%/)).not.toBeInTheDocument();
  unmount();
  show([number(1500, { currency: 'USD' })], { better: 'up' }, 'none');
  expect(screen.queryByText('no number in the period before')).not.toBeInTheDocument();
});

it('calls a change too small to be written unchanged', () => {
  show(compared(100_001, 100_000, 0.00001));
  expect(screen.getByText(/unchanged/)).toBeVisible();
});

it('has a tile for each currency and adds nothing', () => {
  show([...compared(10, 8, 0.25), ...compared(20, 40, -0.5, { currency: 'EUR' })]);
  expect(screen.getAllByRole('group')).toHaveLength(2);
  expect(screen.getByText('$20')).toBeVisible();
});

it('shows a dash for a ratio that has no number, and the panel’s own text without data', () => {
  const { unmount } = show([number(null, {})]);
  expect(screen.getByText('–')).toBeVisible();
  unmount();
  show([]);
  expect(screen.getByText('No data')).toBeVisible();
});

describe('the line', () => {
  const weeks = (values: (number | null)[], labels: Labels = { currency: 'USD' }) =>
    toDataFrame({
      fields: [
        { name: 'time', type: FieldType.time, values: values.map((_, index) => index * 604_800_000) },
        { name: 'spend', type: FieldType.number, values, labels, state: { range: { min: 0, max: 1500, delta: 1500 } } },
      ],
    });

  it('has a scale of its own, whatever the total', () => {
    const [kpi] = kpisOf([...compared(1500, 1200, 0.25), weeks([100, null, 200])]);
    expect(kpi?.trend?.y.state?.range).toEqual({ min: 90, max: 210, delta: 120 });
  });

  it('belongs to its currency, and one point is none', () => {
    expect(kpisOf([...compared(1500, 1200, 0.25), weeks([100, 200], { currency: 'EUR' })])[0]?.trend).toBeUndefined();
    expect(kpisOf([...compared(1500, 1200, 0.25), weeks([100, null])])[0]?.trend).toBeUndefined();
  });
});
