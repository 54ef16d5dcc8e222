import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { CollectorError } from '../../contract/error.ts';
import type { DatasetFile } from './dataset.ts';
import { loadDatasets, SHIPPED_DATASETS } from './load.ts';
import type { Mistake } from './mistake.ts';

let folder: string;
beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'datasets-'))));
afterEach(() => rm(folder, { recursive: true }));

/** The first version of campaign_performance has no levels, so that each rule meets it alone. */
const FILES: Record<string, string> = { campaign_performance: 'retired/campaign_performance_v1', campaign_levels: 'campaign_performance' };
const shipped = async (name: string): Promise<DatasetFile> =>
  parse(await readFile(join(SHIPPED_DATASETS, `${FILES[name] ?? name}.yaml`), 'utf8')) as DatasetFile;

async function mistakesIn(directories: string[]): Promise<Mistake[]> {
  try {
    await loadDatasets(directories);
  } catch (error) {
    expect(error).toBeInstanceOf(CollectorError);
    expect(error).toMatchObject({ code: 'config_invalid', kind: 'terminal' });
    return (error as CollectorError).details?.mistakes as Mistake[];
  }
  throw new Error('the datasets were accepted');
}

/** Changes a copy of a shipped dataset and returns what is said about it, as 'path: message'. */
async function mistakesOf(name: string, change: (dataset: DatasetFile) => void): Promise<string[]> {
  const dataset = await shipped(name);
  change(dataset);
  await writeFile(join(folder, 'mine.yaml'), stringify(dataset));
  return (await mistakesIn([folder])).map((mistake) => `${mistake.path}: ${mistake.message}`);
}

test('the shipped datasets load with their defaults filled in', async () => {
  const datasets = await loadDatasets([SHIPPED_DATASETS]);
  expect(datasets.map((dataset) => `${dataset.dataset} ${dataset.version}`)).toEqual(
    expect.arrayContaining([
      'campaign_performance 2',
      'reach_frequency 1',
      'reach_frequency_4_weeks 1',
      'reach_frequency_13_weeks 1',
      'reach_frequency_month 1',
    ]),
  );
  const rollupsOf = (name: string) => datasets.find(({ dataset }) => dataset === name)!.rollups;
  expect(rollupsOf('campaign_performance')[0]!.grains).toEqual(['day', 'week', 'month']);
  expect(rollupsOf('reach_frequency')).toEqual([]);
});

test('a copy under another name stands beside the shipped one', async () => {
  const dataset = await shipped('campaign_performance');
  await writeFile(join(folder, 'mine.yml'), stringify({ ...dataset, dataset: 'my_campaigns' }));
  const datasets = await loadDatasets([SHIPPED_DATASETS, folder]);
  expect(datasets.map((each) => each.dataset)).toEqual(expect.arrayContaining(['campaign_performance', 'reach_frequency', 'my_campaigns']));
});

test.each([
  ['traffic', "is called attribution now; write 'attribution: none' instead"],
  ['traffic_time', "is called attribution now; write 'attribution: traffic_time' instead"],
  ['something', "is called attribution now; write 'attribution: traffic_time | conversion_time | none' instead"],
])('a file of an older release, with lens: %s, is told what to write instead, beside its other mistakes', async (lens, message) => {
  const said = await mistakesOf('reach_frequency', (dataset) => {
    const { attribution: _, ...rest } = dataset;
    for (const key of Object.keys(dataset)) delete (dataset as Record<string, unknown>)[key];
    Object.assign(dataset, { ...rest, lens, title: '' });
  });
  expect(said).toHaveLength(2);
  expect(said).toContain(`lens: ${message}`);
  expect(said.join()).toContain('title: ');
});

test('all mistakes of all files come at once, each with file, line and path', async () => {
  const dataset = await shipped('campaign_performance');
  (dataset.metrics[10] as { numerator: string }).numerator = 'saless';
  dataset.rollups![1]!.dimensions[0] = 'advertizer';
  await writeFile(join(folder, 'a.yaml'), stringify(dataset));
  await writeFile(join(folder, 'b.yaml'), 'dataset: Broken\nversion: zero\ntitel: x\n');
  await writeFile(join(folder, 'c.yaml'), 'dataset: x\n  version: [1\n');
  const mistakes = await mistakesIn([folder]);
  expect(mistakes).toContainEqual(
    expect.objectContaining({
      file: join(folder, 'a.yaml'),
      line: expect.any(Number),
      path: 'metrics[10].numerator',
      message: "no metric 'saless'; did you mean 'sales'?",
    }),
  );
  expect(mistakes).toContainEqual(
    expect.objectContaining({ path: 'rollups[1].dimensions[0]', message: "no dimension 'advertizer'; did you mean 'advertiser'?" }),
  );
  expect(mistakes).toContainEqual(expect.objectContaining({ file: join(folder, 'b.yaml'), line: 1, column: 1, path: 'dataset' }));
  expect(mistakes).toContainEqual(expect.objectContaining({ file: join(folder, 'b.yaml'), line: 2, path: 'version' }));
  expect(mistakes).toContainEqual(expect.objectContaining({ path: 'columns', message: 'is missing' }));
  expect(mistakes).toContainEqual(expect.objectContaining({ path: 'window', message: 'is missing' }));
  expect(mistakes).toContainEqual(expect.objectContaining({ line: 3, path: 'titel', message: 'unknown key' }));
  expect(mistakes).toContainEqual(
    expect.objectContaining({
      file: join(folder, 'c.yaml'),
      line: expect.any(Number),
      column: expect.any(Number),
      message: expect.stringContaining('invalid YAML'),
    }),
  );
  await expect(loadDatasets([folder])).rejects.toThrow(`${join(folder, 'b.yaml')}:1:1: dataset: must start with a letter`);
});

test('a name belongs to one folder, whatever the version, so that a copy never replaces a shipped dataset unnoticed', async () => {
  const dataset = await shipped('campaign_performance');
  await writeFile(join(folder, 'mine.yaml'), stringify({ ...dataset, version: 3 }));
  expect(await mistakesIn([SHIPPED_DATASETS, folder])).toEqual([
    expect.objectContaining({ path: 'dataset', message: expect.stringContaining("the name 'campaign_performance' belongs to") }),
  ]);
});

test('a version exists once in its folder, and another version beside it is fine', async () => {
  const dataset = await shipped('campaign_performance');
  await writeFile(join(folder, 'v1.yaml'), stringify(dataset));
  await writeFile(join(folder, 'v2.yaml'), stringify({ ...dataset, version: 2 }));
  expect(await loadDatasets([folder])).toHaveLength(2);
  await writeFile(join(folder, 'v3.yaml'), stringify({ ...dataset, version: 2 }));
  expect(await mistakesIn([folder])).toEqual([
    expect.objectContaining({ file: join(folder, 'v3.yaml'), path: 'version', message: expect.stringContaining('raise the version') }),
  ]);
});

test.each([
  ['an empty file', '', /expected object/],
  ['a list', '- 1\n', /expected object/],
  ['a key given twice', 'dataset: a\ndataset: b\n', /invalid YAML: this key is given twice/],
  ['a tab as indentation', 'sql:\n\ttemplate: x\n', /invalid YAML/],
  ['two documents', 'dataset: a\n---\ndataset: b\n', /invalid YAML: one file holds one document/],
  [
    'an alias bomb',
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c]\n`,
    /too many aliases/,
  ],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), /not UTF-8/],
  ['a huge file', `# ${'x'.repeat(1_100_000)}`, /a file may have 1048576/],
])('%s is refused with a sentence', async (_, content, message) => {
  await writeFile(join(folder, 'odd.yaml'), content);
  expect((await mistakesIn([folder])).map((mistake) => mistake.message).join('\n')).toMatch(message);
});

test('a missing folder and an unreadable file are said, not skipped', async () => {
  await mkdir(join(folder, 'folder.yaml'));
  const mistakes = await mistakesIn([join(folder, 'nowhere'), folder]);
  expect(mistakes.map((mistake) => mistake.message)).toEqual(['no such directory', 'the file cannot be read (EISDIR)']);
});

describe('columns', () => {
  test.each<[string, (dataset: DatasetFile) => void, string]>([
    ['two of one name', (d) => (d.columns[9]!.name = 'impressions'), "columns[9].name: column 'impressions' is given twice"],
    ['two stored under one name', (d) => (d.columns[9]!.as = 'impressions'), "columns[9].as: two columns would be stored as 'impressions'"],
    ['a name of every table', (d) => (d.columns[0]!.name = 'week'), "columns[0].name: 'week' is a column of every table"],
    ['a word of SQL', (d) => (d.columns[0]!.name = 'order'), "columns[0].name: 'order' is a word of SQL"],
    [
      'two days',
      (d) => (d.columns[0] = { name: 'source', type: 'date', role: 'day' }),
      "columns[1].role: a dataset has one column of role 'day' at most",
    ],
    [
      'a dimension that is a number',
      (d) => (d.columns[4]!.type = 'integer'),
      "columns[4].type: a column of role 'dimension' has type string, not integer",
    ],
    [
      'a measure that is a text',
      (d) => (d.columns[8]!.type = 'string'),
      "columns[8].type: a column of role 'measure' has type integer or decimal, not string",
    ],
    [
      'a currency stored under another name',
      (d) => (d.columns[6]!.as = 'money'),
      "columns[6].as: the column of role 'currency' is stored as 'currency'",
    ],
    [
      'money without a currency',
      (d) => (d.columns[6] = { name: 'kind', type: 'string', role: 'key' }),
      'columns[10].unit: money needs a column of role',
    ],
    ['a unit on a dimension', (d) => (d.columns[2]!.unit = 'currency'), 'columns[2].unit: only a measure has a unit'],
    ['no number at all', (d) => (d.columns = d.columns.slice(0, 8)), 'columns: there is no number'],
    ['a name that is no identifier', (d) => (d.columns[0]!.name = 'x; DROP TABLE y'), 'columns[0].name: must start with a letter'],
    ['a discriminator without its column', (d) => d.columns.splice(7, 1), "sql.filtered_column: needs a column 'filtered'"],
    ['a filtered column that Amazon is not asked for', (d) => delete d.sql!.filtered_column, 'sql.filtered_column: is missing'],
  ])('%s is refused', async (_, change, expected) => {
    expect(await mistakesOf('campaign_performance', change)).toContainEqual(expect.stringContaining(expected));
  });
});

describe('distinct counts', () => {
  test.each<[string, (dataset: DatasetFile) => void, string]>([
    ['without a level column', (d) => d.columns.shift(), "columns[5].role: a distinct count needs a column of role 'level'"],
    ['without levels', (d) => delete d.levels, "levels: is missing: the column of role 'level'"],
    [
      'with a day',
      (d) => d.columns.push({ name: 'event_date', type: 'date', role: 'day' }),
      'columns[8].role: a dataset with distinct counts has no day',
    ],
    [
      're-aggregated by Amazon',
      (d) => ((d.sql!.filtered_column = 'filtered'), d.columns.push({ name: 'filtered', type: 'boolean', role: 'filtered' })),
      'sql.filtered_column: Amazon re-aggregates',
    ],
    [
      'with roll-ups',
      (d) => (d.rollups = [{ name: 'total', dimensions: [], grains: ['week'] }]),
      'rollups: a dataset with distinct counts has no roll-ups',
    ],
    [
      'with a level of unknown dimensions',
      (d) => (d.levels!.advertiser = ['advertisers']),
      "levels.advertiser[0]: no dimension 'advertisers'; did you mean 'advertiser'?",
    ],
    [
      'with two levels of the same dimensions',
      (d) => (d.levels!.twice = ['ad_product', 'advertiser']),
      "levels.twice: counts by the same dimensions as level 'advertiser_ad_product'",
    ],
    [
      'of a column that is none',
      (d) => ((d.metrics[0] as { distinct: string }).distinct = 'impressions'),
      "metrics[0].distinct: no column of role 'distinct' is stored as 'impressions'",
    ],
    ['as a percentage', (d) => (d.metrics[0]!.unit = 'percent'), "metrics[0].unit: a distinct count has the unit 'count'"],
  ])('%s are refused', async (_, change, expected) => {
    expect(await mistakesOf('reach_frequency', change)).toContainEqual(expect.stringContaining(expected));
  });
});

describe('levels of sums', () => {
  test.each<[string, (dataset: DatasetFile) => void, string]>([
    [
      'written as lists',
      (d) => (d.levels!.campaign = ['advertiser']),
      'levels.campaign: a level of sums says whether it is by day or by week',
    ],
    [
      'with an odd name',
      (d) => (d.levels!["it's"] = { dimensions: ['advertiser'], by: 'week' }),
      "levels.it's: its name starts with a letter and holds only",
    ],
    [
      'of an unknown dimension',
      (d) => (d.levels!.product = { dimensions: ['advertizer'], by: 'week' }),
      "levels.product.dimensions[0]: no dimension 'advertizer'; did you mean 'advertiser'?",
    ],
    [
      'of the same dimensions and grain',
      (d) => (d.levels!.twice = { dimensions: ['ad_product', 'advertiser'], by: 'week' }),
      "levels.twice: counts by the same dimensions as level 'product'",
    ],
    [
      'with nothing to group by',
      (d) => (d.levels!.all = { dimensions: [], by: 'week' }),
      'levels.all.dimensions: has neither dimensions nor days',
    ],
    [
      'by day without a day',
      (d) => ((d.columns = d.columns.filter(({ role }) => role !== 'day')), (d.rollups = [])),
      "levels.total_day.by: days need a column of role 'day'",
    ],
    [
      'that a roll-up cannot be made of',
      (d) => delete d.levels!.campaign_day,
      "rollups[2].grains: no level has these dimensions by day, which 'month' is added up from; add one",
    ],
    [
      'without the columns of the level in a part',
      (d) => (d.sql!.parts.rows![0]!.sql = d.sql!.parts.rows![0]!.sql.replace('{{level_group}}', 'advertiser')),
      'sql.parts.rows[0].sql: a part uses both {{level_columns}} and {{level_group}}, or neither',
    ],
  ])('%s are refused', async (_, change, expected) => {
    expect(await mistakesOf('campaign_levels', change)).toContainEqual(expect.stringContaining(expected));
  });

  test('are known to a part of a dataset that has such alone', async () => {
    const said = await mistakesOf('campaign_performance', (d) => (d.sql!.parts.rows![0]!.sql = 'SELECT {{level_columns}} FROM t'));
    expect(said.join('\n')).toContain(
      'unknown placeholder {{level_columns}}; it needs levels with dimensions and by, and no distinct counts',
    );
  });
});

describe('members and their names', () => {
  test.each<[string, (dataset: DatasetFile) => void, string]>([
    ['a member without a name', (d) => delete d.dimensions[2]!.named_by, 'dimensions[2]: member and named_by come together'],
    [
      'a name that is no column',
      (d) => (d.dimensions[2]!.named_by = 'campain_name'),
      "dimensions[2].named_by: no column of role 'dimension' is stored as 'campain_name'; did you mean 'campaign_name'?",
    ],
    [
      'a column of the same name',
      (d) => delete d.columns.find(({ as }) => as === 'campaign_name')!.as,
      "dimensions[2].name: 'campaign' is a column already",
    ],
  ])('%s is refused', async (_, change, expected) => {
    expect(await mistakesOf('campaign_levels', change)).toContainEqual(expect.stringContaining(expected));
  });
});

describe('metrics and dimensions', () => {
  const metric = (d: DatasetFile, name: string) => d.metrics.find((each) => each.name === name) as Record<string, unknown>;
  test.each<[string, (dataset: DatasetFile) => void, string]>([
    [
      'a sum over an unknown column',
      (d) => (metric(d, 'sales').sum = ['salez']),
      "metrics[1].sum[0]: no column of role 'measure' is stored as 'salez'; did you mean 'sales'?",
    ],
    [
      "a sum by the file's name",
      (d) => (metric(d, 'spend').sum = ['spend_microcents', 'dsp_cost']),
      "metrics[0].sum[0]: column 'spend_microcents' is stored as 'sponsored_ads_spend'; write that",
    ],
    ['money counted as a number', (d) => (metric(d, 'sales').unit = 'count'), "metrics[1].sum[0]: 'sales' is money"],
    ['a number counted as money', (d) => (metric(d, 'clicks').unit = 'currency'), "metrics[3].sum[0]: 'clicks' is no money"],
    ['a ratio of a ratio', (d) => (metric(d, 'acos').numerator = 'roas'), "metrics[11].numerator: 'roas' is a ratio itself"],
    [
      'money per click as a percentage',
      (d) => (metric(d, 'cpc').unit = 'percent'),
      "metrics[13].unit: money per something has the unit 'currency'",
    ],
    ['a share as money', (d) => (metric(d, 'ctr').unit = 'currency'), 'metrics[12].unit: only money per something'],
    ['two metrics of one name', (d) => (metric(d, 'clicks').name = 'sales'), "metrics[3].name: metric 'sales' is given twice"],
    [
      'a metric named like a dimension',
      (d) => (metric(d, 'clicks').name = 'campaign'),
      "metrics[3].name: 'campaign' is a dimension already",
    ],
    [
      'a dimension without a column',
      (d) => (d.dimensions[0]!.name = 'brand'),
      "dimensions[0].name: no column of role 'dimension' is stored as 'brand'",
    ],
    [
      'a column without its dimension',
      (d) => (d.dimensions = d.dimensions.slice(1)),
      "columns[2].role: describe 'advertiser' under dimensions",
    ],
    [
      'a dimension that every question has',
      (d) => (d.dimensions[0]!.name = 'instance'),
      "dimensions[0].name: 'instance' is known to every question",
    ],
    ['days without a day column', (d) => d.columns.splice(1, 1), 'rollups[0].grains: days and months need a column of role'],
    [
      'a table name that PostgreSQL would cut',
      (d) => ((d.dataset = 'a'.repeat(41)), (d.rollups![0]!.name = 'b'.repeat(20))),
      'rollups[0].name: its table would have a name of',
    ],
    [
      'a dimension twice in a roll-up',
      (d) => d.rollups![1]!.dimensions.push('advertiser'),
      "rollups[1].dimensions[2]: dimension 'advertiser' is given twice",
    ],
  ])('%s is refused', async (_, change, expected) => {
    expect(await mistakesOf('campaign_performance', change)).toContainEqual(expect.stringContaining(expected));
  });
});

describe('SQL', () => {
  const first = (d: DatasetFile) => d.sql!.parts.rows![0]!;
  test.each<[string, (dataset: DatasetFile) => void, string]>([
    [
      'an unknown placeholder',
      (d) => (first(d).sql += ' {{time_zon}}'),
      "sql.parts.rows[0].sql: unknown placeholder {{time_zon}}; did you mean 'time_zone'?",
    ],
    [
      'parts nobody defined',
      (d) => (d.sql!.template = '{{parts.row}} {{parts.rows}}'),
      "sql.template: unknown placeholder {{parts.row}}; did you mean 'parts.rows'?",
    ],
    [
      'parts nobody uses',
      (d) => (d.sql!.parts.more = [{ name: 'x', sql: 'SELECT 1' }]),
      'sql.parts.more: the template never uses these parts',
    ],
    [
      'currency without a currency column',
      (d) => delete first(d).currency_column,
      'sql.parts.rows[0].sql: unknown placeholder {{currency}}; it needs a part with a currency_column',
    ],
    [
      'a currency column that is not used',
      (d) => (first(d).sql = first(d).sql.replace('{{currency_group}}', '')),
      'missing: {{currency_group}}',
    ],
    ['half a placeholder', (d) => (first(d).sql += ' {{time_zone'), 'has {{ or }} without its other half'],
    ['a comment', (d) => (first(d).sql += ' -- all of it'), 'sql.parts.rows[0].sql: holds a comment (--)'],
    ['two statements', (d) => (d.sql!.template += '; DROP TABLE x'), 'sql.template: holds a semicolon'],
    ['an open quote', (d) => (first(d).sql += " 'x"), "has a ' that is never closed"],
    ['a time zone without quotes', (d) => (d.sql!.template += ' {{time_zone}}'), 'sql.template: {{time_zone}} stands in quotes'],
    ['a currency in quotes', (d) => (first(d).sql += " '{{currency}}'"), 'only {{time_zone}} stands in quotes'],
    [
      'two parts of one name',
      (d) => (d.sql!.parts.rows![1]!.name = 'sponsored_ads'),
      "sql.parts.rows[1].name: part 'sponsored_ads' is given twice",
    ],
    ['an unknown advertiser type', (d) => ((first(d) as { when: string }).when = 'TV'), 'sql.parts.rows[0].when:'],
  ])('%s is refused', async (_, change, expected) => {
    expect(await mistakesOf('campaign_performance', change)).toContainEqual(expect.stringContaining(expected));
  });
});

describe('a dataset that is only imported', () => {
  const imported = (): DatasetFile => ({
    dataset: 'agency',
    version: 1,
    title: 'Agency',
    description: 'An agency’s report.',
    window: 'week',
    attribution: 'none',
    columns: [
      { name: 'week', header: 'Week Starting', type: 'date', role: 'week' },
      { name: 'channel', header: ['Channel Name', 'Kanal'], type: 'string', role: 'dimension' },
      { name: 'clicks', type: 'integer', role: 'measure' },
    ],
    dimensions: [{ name: 'channel', title: 'Channel', description: 'The channel' }],
    metrics: [{ name: 'clicks', title: 'Clicks', description: 'Clicks', kind: 'additive', sum: ['clicks'], unit: 'count', better: 'up' }],
    rollups: [{ name: 'total', dimensions: [], grains: ['week'] }],
  });

  test('needs no SQL, and says which headers its columns have', async () => {
    await writeFile(join(folder, 'agency.yaml'), stringify(imported()));
    const [dataset] = await loadDatasets([folder]);
    expect(dataset).toMatchObject({ dataset: 'agency', columns: [{ header: 'Week Starting' }, { header: ['Channel Name', 'Kanal'] }, {}] });
    expect(dataset!.sql).toBeUndefined();
  });

  test.each<[string, (dataset: DatasetFile) => void, string]>([
    ['other windows', (d) => (d.also_windows = ['month']), 'also_windows: a dataset without sql is only imported'],
    ['a header of two columns', (d) => (d.columns[2]!.header = 'kanal'), "columns[2].header: 'kanal' may be the column 'channel' too"],
    [
      'a header that is another column’s name',
      (d) => (d.columns[1]!.header = 'Clicks'),
      "columns[1].header: 'Clicks' may be the column 'clicks' too",
    ],
    ['a header of two lines', (d) => (d.columns[1]!.header = 'two\nlines'), 'columns[1].header'],
    [
      'a day beside its week',
      (d) => d.columns.push({ name: 'day', type: 'date', role: 'day' }),
      "columns[0].role: a row with a day has its week by it; remove the column of role 'week'",
    ],
    ['a week that is no date', (d) => (d.columns[0]!.type = 'string'), "columns[0].type: a column of role 'week' has type date"],
    ['a week in a longer window', (d) => ((d.window = 'month'), (d.rollups = [])), 'columns[0].role: a file of a window of month'],
    ['a number that is the same in every row', (d) => (d.columns[2]!.value = '1'), 'columns[2].value: only a column of role currency'],
    ['a fixed value beside a header', (d) => (d.columns[1]!.value = 'TV'), 'columns[1].value: a column that files have has no fixed value'],
    [
      'a currency that is none',
      (d) => d.columns.push({ name: 'currency', type: 'string', role: 'currency', value: '€' }),
      'columns[3].value: write a currency as its ISO code',
    ],
    ['a week under another name', (d) => (d.columns[0]!.as = 'monday'), "columns[0].as: the row's week is stored as 'week' always"],
  ])('%s is refused', async (_name, change, expected) => {
    const dataset = imported();
    change(dataset);
    await writeFile(join(folder, 'agency.yaml'), stringify(dataset));
    const said = (await mistakesIn([folder])).map((mistake) => `${mistake.path}: ${mistake.message}`);
    expect(said).toContainEqual(expect.stringContaining(expected));
  });
});

test('the example of docs/own-files.md is a valid dataset', async () => {
  const documentation = await readFile(join(import.meta.dirname, '../../../../docs/own-files.md'), 'utf8');
  const [, example] = /```yaml\n(dataset: [\s\S]*?)```/.exec(documentation)!;
  const [, columns] = /```yaml\n(columns:\n[\s\S]*?)```/.exec(documentation)!;
  await writeFile(join(folder, 'agency.yaml'), example!);
  const other = { ...(parse(example!) as DatasetFile), dataset: 'google_ads_weekly', ...(parse(columns!) as Pick<DatasetFile, 'columns'>) };
  const metric = {
    name: 'ga_cost',
    title: 'Cost',
    description: 'Cost',
    kind: 'additive',
    sum: ['cost'],
    unit: 'currency',
    better: 'down',
  } as const;
  const dimensions = other.dimensions.filter(({ name }) => name !== 'channel');
  await writeFile(join(folder, 'google.yaml'), stringify({ ...other, dimensions, metrics: [metric], rollups: [] }));
  expect((await loadDatasets([folder])).map((dataset) => dataset.dataset)).toEqual(['agency_weekly', 'google_ads_weekly']);
});

test('the worked example of the documentation is a valid dataset', async () => {
  const documentation = await readFile(join(import.meta.dirname, '../../../../docs/datasets.md'), 'utf8');
  const [, example] = /```yaml\n(dataset: [\s\S]*?)```/.exec(documentation)!;
  await writeFile(join(folder, 'example.yaml'), example!);
  expect((await loadDatasets([SHIPPED_DATASETS, folder])).map((dataset) => dataset.dataset)).toContain('dsp_viewability');
});
