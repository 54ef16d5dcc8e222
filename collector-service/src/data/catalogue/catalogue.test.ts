import { catalogueSchema } from '../../contract/catalogue.ts';
import { Catalogue } from './catalogue.ts';
import type { Dataset } from './dataset.ts';
import { loadDatasets, SHIPPED_DATASETS } from './load.ts';

let datasets: Dataset[];
let catalogue: Catalogue;
let performance: Dataset;
beforeAll(async () => {
  datasets = await loadDatasets([SHIPPED_DATASETS]);
  catalogue = new Catalogue(datasets);
  performance = catalogue.findDataset('campaign_performance');
});

const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
};

test('a dataset is found by name, the newest version unless told', () => {
  const newer = { ...performance, version: 3 };
  const both = new Catalogue([newer, ...datasets]);
  expect(both.findDataset('campaign_performance').version).toBe(3);
  expect(both.findDataset('campaign_performance', 2).version).toBe(2);
  expect(refusal(() => both.findDataset('campaign_performance', 1))).toMatchObject({
    code: 'unknown_dataset',
    message: expect.stringContaining('known: 3, 2'),
  });
});

test('an unknown name comes with the nearest known ones', () => {
  expect(refusal(() => catalogue.findDataset('campain_performance'))).toMatchObject({
    code: 'unknown_dataset',
    details: { suggestions: ['campaign_performance'] },
  });
  expect(refusal(() => catalogue.findMetric(performance, 'raos'))).toMatchObject({
    code: 'unknown_metric',
    status: 400,
    details: { suggestions: ['roas'] },
  });
  expect(refusal(() => catalogue.findDimension(performance, 'product'))).toMatchObject({
    code: 'unknown_dimension',
    details: { suggestions: ['ad_product'] },
  });
  expect(refusal(() => catalogue.findMetric(performance, 'xyzzy'))).toMatchObject({
    details: { suggestions: [] },
    message: expect.stringContaining('Known: acos, '),
  });
});

test('the dataset of a question follows from its metrics and dimensions', () => {
  expect(catalogue.datasetFor({ metrics: ['roas'], dimensions: ['campaign', 'instance', 'currency'] }).dataset).toBe(
    'campaign_performance',
  );
  expect(catalogue.datasetFor({ metrics: ['reach'], dimensions: [] }).dataset).toBe('reach_frequency');
  expect(catalogue.datasetFor({ metrics: [], dimensions: ['frequency_bucket'] }).dataset).toBe('reach_frequency');
});

test('each metric belongs to one shipped dataset, so that a saved query that names none keeps its meaning', () => {
  const names = datasets.filter(({ window_of: base }) => base === undefined).flatMap(({ metrics }) => metrics.map(({ name }) => name));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('a question that several datasets can answer must name one', () => {
  expect(refusal(() => catalogue.datasetFor({ metrics: [], dimensions: ['advertiser'] }))).toMatchObject({
    code: 'unknown_dataset',
    details: { suggestions: expect.arrayContaining(['campaign_performance', 'reach_frequency']) },
  });
  expect(catalogue.datasetFor({ dataset: 'reach_frequency', metrics: [], dimensions: ['advertiser'] }).dataset).toBe('reach_frequency');
});

test('a question over metrics of two datasets is refused with where to ask', () => {
  expect(refusal(() => catalogue.datasetFor({ metrics: ['roas', 'reach'], dimensions: [] }))).toMatchObject({
    code: 'unknown_dataset',
    message: expect.stringContaining('Ask campaign_performance and reach_frequency in separate queries'),
  });
});

test('metrics and dimensions of a named dataset are checked against it', () => {
  expect(refusal(() => catalogue.datasetFor({ dataset: 'reach_frequency', metrics: ['roas'], dimensions: [] }))).toMatchObject({
    code: 'unknown_metric',
  });
  expect(
    refusal(() => catalogue.datasetFor({ dataset: 'campaign_performance', metrics: ['roas'], dimensions: ['frequency_bucket'] })),
  ).toMatchObject({ code: 'unknown_dimension' });
});

test('names that every object has are no names of ours', () => {
  for (const name of ['constructor', '__proto__', 'toString', ''])
    expect(refusal(() => catalogue.findDataset(name))).toMatchObject({ code: 'unknown_dataset' });
});

test('the API form is valid, with readable formulas and honest grains', () => {
  const described = catalogue.toContract([]);
  expect(catalogueSchema.parse(described)).toEqual(described);
  const [campaign, reach] = ['campaign_performance', 'reach_frequency'].map((name) =>
    described.datasets.find((dataset) => dataset.name === name),
  );
  expect(campaign!.grains).toEqual(['total', 'day', 'week', 'month']);
  expect(reach!.grains).toEqual(['total', 'week', 'month']);
  expect(reach!.levels).toContainEqual(['advertiser', 'frequency_bucket']);
  const formula = (name: string) => campaign!.metrics.find((metric) => metric.name === name)!.formula;
  expect(formula('cpm')).toBe('1,000 × Spend ÷ Impressions');
  expect(formula('roas')).toBe('Sales ÷ Spend');
  expect(formula('spend')).toBeNull();
});
