import type { DataQueryRequest, MetricFindValue } from '@grafana/data';
import { lastValueFrom } from 'rxjs';
import { CATALOGUE } from '../testing/catalogue';
import { datasourceWith, type Variable } from '../testing/datasource';
import { AmcVariableSupport } from './variable-support';
import type { AmcVariableQuery } from './variable-query';

async function list(query: Partial<AmcVariableQuery>, variables: Record<string, Variable> = {}, scopedVars = {}) {
  const { datasource, asked } = datasourceWith(
    ({ url }) => (url.includes('/dimensions/') ? { values: [{ value: 'amazon_dsp', label: 'Amazon DSP' }], truncated: false } : CATALOGUE),
    variables,
  );
  const request = {
    targets: [{ refId: 'V', version: 2, kind: 'values', ...query }],
    scopedVars,
  } as unknown as DataQueryRequest<AmcVariableQuery>;
  const { data } = await lastValueFrom(new AmcVariableSupport(datasource).query(request));
  return { values: data as MetricFindValue[], asked };
}

it('lists instances, datasets, metrics and currencies out of the catalogue', async () => {
  expect((await list({ kind: 'instances' })).values).toEqual([
    { text: 'Acme US', value: 'amcus' },
    { text: 'Acme DE', value: 'amcde' },
  ]);
  expect((await list({ kind: 'datasets' })).values.map(({ value }) => value)).toEqual([
    'campaign_performance',
    'reach_frequency',
    'reach_frequency_4_weeks',
    'reach_frequency_month',
  ]);
  expect((await list({ kind: 'currencies' })).values.map(({ value }) => value)).toEqual(['USD', 'EUR']);
  expect((await list({ kind: 'metrics', dataset: 'reach_frequency' })).values).toEqual([{ text: 'Reach', value: 'reach' }]);
  expect((await list({ kind: 'metrics', dataset: '$dataset' }, { dataset: { value: 'reach_frequency' } })).values).toHaveLength(1);
});

it('narrows values by what other variables chose, and by nothing when they are at All', async () => {
  const query: Partial<AmcVariableQuery> = {
    dimension: 'ad_product',
    filters: [{ dimension: 'advertiser', operator: 'in', values: ['$advertiser'] }],
  };
  const some = await list(query, { advertiser: { value: ['Acme', `Bob's "best"`] } });
  expect(some.values).toEqual([{ text: 'Amazon DSP', value: 'amazon_dsp' }]);
  expect(some.asked[0]?.params).toEqual({
    limit: 1000,
    filters: JSON.stringify([{ dimension: 'advertiser', operator: 'in', values: ['Acme', `Bob's "best"`] }]),
  });
  const all = await list(query, { advertiser: { value: ['Acme'], all: true } });
  expect(all.asked[0]?.params).toEqual({ limit: 1000 });
});

it('asks for what is typed in its box, if it was saved so', async () => {
  const typed = { __searchFilter: { text: 'brand', value: 'brand' } };
  const query: Partial<AmcVariableQuery> = { dimension: 'campaign', search: '$__searchFilter' };
  expect((await list(query, {}, typed)).asked[0]?.params).toEqual({ limit: 1000, search: 'brand' });
  expect((await list(query)).asked[0]?.params).toEqual({ limit: 1000 });
  expect((await list({ dimension: 'campaign' }, {}, typed)).asked[0]?.params).toEqual({ limit: 1000 });
});

it('narrows by a name that reads like a variable, without a word that the collector does not know', async () => {
  const query: Partial<AmcVariableQuery> = {
    dimension: 'ad_product',
    filters: [{ dimension: 'campaign', operator: 'in', values: ['$ave'], fixed: ['$ave'] }],
  };
  expect((await list(query)).asked[0]?.params?.filters).toBe(JSON.stringify([{ dimension: 'campaign', operator: 'in', values: ['$ave'] }]));
});

it('asks for nothing until a dimension is chosen', async () => {
  const { values, asked } = await list({ kind: 'values', dimension: undefined });
  expect(values).toEqual([]);
  expect(asked).toEqual([]);
});
