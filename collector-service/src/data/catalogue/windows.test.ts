import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { catalogueSchema } from '../../contract/catalogue.ts';
import { definitionHash } from '../store/dataset-tables.ts';
import { Catalogue } from './catalogue.ts';
import type { Dataset, DatasetFile } from './dataset.ts';
import { loadDatasets, loadRetired, SHIPPED_DATASETS } from './load.ts';
import type { Mistake } from './mistake.ts';
import { datasetSql } from './sql.ts';

let datasets: Dataset[];
let catalogue: Catalogue;
beforeAll(async () => {
  datasets = [
    ...(await loadRetired()),
    ...(await loadDatasets([SHIPPED_DATASETS])).filter(({ dataset }) => dataset !== 'campaign_performance'),
  ];
  catalogue = new Catalogue(datasets);
});

const FAMILY = ['reach_frequency', 'reach_frequency_4_weeks', 'reach_frequency_13_weeks', 'reach_frequency_month'];
const SETTINGS = { timeZone: 'Europe/Berlin', advertiserTypes: ['SPONSORED_ADS', 'DISPLAY'], currencies: ['EUR'] };

test('a dataset that asks for other windows becomes a dataset for each, with the very same SQL', () => {
  const family = catalogue.windowsOf(catalogue.findDataset('reach_frequency_13_weeks'));
  expect(family.map(({ dataset }) => dataset)).toEqual(FAMILY);
  expect(family.map(({ window }) => window)).toEqual(['week', '4_weeks', '13_weeks', 'month']);
  expect(new Set(family.map((each) => datasetSql(each, SETTINGS))).size).toBe(1);
  expect(family.map(({ window_of: base }) => base)).toEqual([undefined, ...Array(3).fill('reach_frequency')]);
  expect(catalogue.windowsOf(catalogue.findDataset('campaign_performance'))).toHaveLength(1);
});

test('asking for other windows changes nothing about what is stored of the dataset itself', () => {
  // As databases made before windows remember them.
  expect(definitionHash(catalogue.findDataset('reach_frequency'))).toBe(HASHES.reach_frequency);
  expect(definitionHash(catalogue.findDataset('campaign_performance'))).toBe(HASHES.campaign_performance);
  const hashes = FAMILY.map((name) => definitionHash(catalogue.findDataset(name)));
  expect(new Set(hashes).size).toBe(4);
});
const HASHES = {
  reach_frequency: 'bb4baed1645d65e1fffcbca8d622a2aad05ffec5d411c103097c69659dce9b67',
  campaign_performance: 'f87345f1acec67a34a6aed74884b5f967b69b0574a0480128195dba7cd248258',
};

test('a metric named without a dataset is asked of the week’s; the windows are listed and can be named', () => {
  expect(catalogue.datasetFor({ metrics: ['reach'], dimensions: [] }).dataset).toBe('reach_frequency');
  expect(catalogue.datasetFor({ dataset: 'reach_frequency_month', metrics: ['reach'], dimensions: [] }).window).toBe('month');
  const described = catalogueSchema.parse(catalogue.toContract([]));
  const asked = ['campaign_performance', ...FAMILY];
  const known = described.datasets.filter(({ name }) => asked.includes(name));
  expect(known.map(({ name, window, windowOf, grains }) => [name, window, windowOf, grains.join()])).toEqual([
    ['campaign_performance', 'week', undefined, 'total,day,week,month'],
    ['reach_frequency', 'week', undefined, 'total,week,month'],
    ['reach_frequency_13_weeks', '13_weeks', 'reach_frequency', 'total,week'],
    ['reach_frequency_4_weeks', '4_weeks', 'reach_frequency', 'total,week'],
    ['reach_frequency_month', 'month', 'reach_frequency', 'total,month'],
  ]);
});

test('an older version is found with its own windows', () => {
  const base = catalogue.findDataset('reach_frequency');
  const both = new Catalogue([...datasets, { ...base, version: 2 }]);
  expect(both.datasetFor({ metrics: ['reach'], dimensions: [] }).version).toBe(2);
  expect(both.datasetFor({ version: 1, metrics: ['reach'], dimensions: [] }).version).toBe(1);
  expect(both.windowsOf(both.findDataset('reach_frequency', 1))).toHaveLength(4);
  expect(both.windowsOf(both.findDataset('reach_frequency'))).toHaveLength(1);
  expect(() => both.datasetFor({ version: 3, metrics: ['reach'], dimensions: [] })).toThrow(/has no version 3; known: 1, 2/);
});

describe('a file about windows that cannot be', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'datasets-'))));
  afterEach(() => rm(folder, { recursive: true }));

  async function mistakesOf(shipped: string, change: Partial<Record<keyof DatasetFile | 'window_of', unknown>>): Promise<string[]> {
    const dataset = parse(
      await readFile(
        join(SHIPPED_DATASETS, `${shipped === 'campaign_performance' ? 'retired/campaign_performance_v1' : shipped}.yaml`),
        'utf8',
      ),
    ) as DatasetFile;
    await writeFile(join(folder, 'mine.yaml'), stringify({ ...dataset, dataset: 'mine', ...change }));
    const error: unknown = await loadDatasets([folder]).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    const mistakes = (error as { details?: { mistakes?: Mistake[] } } | undefined)?.details?.mistakes ?? [];
    return mistakes.map(({ path, message }) => `${path}: ${message}`);
  }

  test.each([
    ['days', 'campaign_performance', { also_windows: ['month'], rollups: [] }, /also_windows: only weeks have days.*remove 'event_date'/],
    ['days in its own window', 'campaign_performance', { window: '4_weeks', rollups: [] }, /window: only weeks have days/],
    ['roll-ups', 'campaign_performance', { also_windows: ['4_weeks'] }, /windows are never added up/],
    ['a window twice', 'reach_frequency', { also_windows: ['month', 'month'] }, /also_windows\[1\]: window 'month' is given twice/],
    ['its own window again', 'reach_frequency', { also_windows: ['week'] }, /'week' is the dataset's own window already/],
    ['a window nobody has', 'reach_frequency', { also_windows: ['quarter'] }, /also_windows\[0\]/],
    ['no window in the list', 'reach_frequency', { also_windows: [] }, /also_windows/],
    ['a name that grows too long', 'reach_frequency', { dataset: 'a'.repeat(33), also_windows: ['13_weeks'] }, /too long/],
    ['a window_of of its own', 'reach_frequency', { window_of: 'reach_frequency' }, /window_of: unknown key/],
  ])('%s', async (_what, shipped, change, expected) => {
    expect((await mistakesOf(shipped, change)).join('\n')).toMatch(expected);
  });

  test('a window of its own other than the week is fine', async () => {
    expect(await mistakesOf('reach_frequency', { window: '13_weeks', also_windows: ['week'] })).toEqual([]);
  });

  test('a name that a window of another file has', async () => {
    const dataset = parse(await readFile(join(SHIPPED_DATASETS, 'reach_frequency.yaml'), 'utf8')) as DatasetFile;
    const { also_windows: _, ...plain } = dataset;
    await writeFile(join(folder, 'a.yaml'), stringify({ ...plain, dataset: 'reach_frequency_month' }));
    await expect(loadDatasets([SHIPPED_DATASETS, folder])).rejects.toThrow(
      /the name 'reach_frequency_month' belongs to .*reach_frequency.yaml/,
    );
  });
});
