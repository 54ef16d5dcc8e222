import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { shippedDatasets } from './shipped-datasets.ts';

interface Model {
  refId: string;
  type?: string;
  expression?: string;
  version?: number;
  queryType?: string;
  dataset?: string;
  metrics?: string[];
  dimensions?: string[];
  rest?: string;
  format?: string;
  partial?: string;
}

interface Rule {
  uid: string;
  title: string;
  condition: string;
  data: { refId: string; datasourceUid: string; relativeTimeRange?: { from: number; to: number }; model: Model }[];
  noDataState?: string;
  execErrState?: string;
  for?: string;
  keepFiringFor?: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

interface Group {
  name: string;
  folder: string;
  interval: string;
  rules: Rule[];
}

const root = join(__dirname, '../..');
const folder = join(root, 'provisioning/alerting');
const files = readdirSync(folder)
  .filter((file) => file.endsWith('.yaml'))
  .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') }))
  .map(({ file, text }) => ({ file, text, groups: (parse(text) as { groups?: Group[] }).groups ?? [] }));
const groups = files.flatMap((file) => file.groups);
const rules = groups.flatMap((group) => group.rules);
const named = rules.map((rule) => [rule.uid, rule] as const);

/** What a query may say: the contract's fields, and what the plugin keeps beside them. */
const FIELDS = [
  'version',
  'instances',
  ...Object.keys(
    (
      JSON.parse(readFileSync(join(root, 'collector-service/src/contract/golden/metric-query.schema.json'), 'utf8')) as {
        $defs: { MetricQuery: { properties: object } };
      }
    ).$defs.MetricQuery.properties,
  ),
];

const WEEK_S = 7 * 86_400;
/** A week is complete two days after its end, and the next one is not for seven days more. */
const A_COMPLETE_WEEK_S = 2 * WEEK_S + 2 * 86_400;
/** What numbers are labelled with beside the dimensions of their query. */
const OTHER_LABELS = ['instance', 'currency', 'metric', 'week', 'dataset'];

const queriesOf = (rule: Rule) => rule.data.filter(({ datasourceUid }) => datasourceUid !== '__expr__');
const expressionsOf = (rule: Rule) => rule.data.filter(({ datasourceUid }) => datasourceUid === '__expr__').map(({ model }) => model);

it('every rule is in the folder of the rules, whose title no folder of dashboards has', () => {
  expect(rules.length).toBeGreaterThan(5);
  for (const group of groups) expect(group.folder).toBe('AMC Reports alerts');
  expect(new Set(groups.map(({ name }) => name)).size).toBe(groups.length);
});

it('no two rules share a uid or a title', () => {
  expect(new Set(rules.map(({ uid }) => uid)).size).toBe(rules.length);
  expect(new Set(rules.map(({ title }) => title)).size).toBe(rules.length);
  for (const { uid } of rules) expect(uid).toMatch(/^amc-[a-z-]{3,36}$/);
});

it.each(named)('%s says what it does without data, with an error and over time', (_uid, rule) => {
  expect(rule.noDataState).toMatch(/^(OK|Alerting|KeepLast)$/);
  expect(rule.execErrState).toMatch(/^(Error|KeepLast)$/);
  expect(rule.for).toMatch(/^\d+[smh]$/);
  expect(rule.keepFiringFor).toMatch(/^\d+[smh]$/);
});

it.each(named)('%s gives its reasons beside it', (uid) => {
  const { text } = files.find((file) => file.groups.some((group) => group.rules.some((rule) => rule.uid === uid)))!;
  const [head = ''] = text.split('- uid: ');
  const [before = '', after = ''] = text.split(`- uid: ${uid}\n`);
  const [own = ''] = after.split('- uid: ');
  expect(before.trimEnd().split('\n').at(-1)?.trim()).toMatch(/^#/);
  // Said once for all rules of the file, or at the rule.
  const argued = ['noDataState', 'execErrState', 'for'].filter(
    (key) => new RegExp(`# - ${key}\\b`).test(head) || new RegExp(`#[^\\n]*\\n *${key}:`).test(own),
  );
  expect(argued).toEqual(['noDataState', 'execErrState', 'for']);
});

it.each(named)('%s is labelled, and tells what happened and what to do', (_uid, rule) => {
  expect(rule.labels).toEqual({ severity: expect.stringMatching(/^(info|warning|critical)$/), product: 'amc-reports' });
  expect(rule.annotations.summary).toBeTruthy();
  expect(rule.annotations.description?.length).toBeGreaterThan(60);
});

it.each(named)('%s names in its texts only labels and values that it has', (_uid, rule) => {
  const labels = [...OTHER_LABELS, ...queriesOf(rule).flatMap(({ model }) => model.dimensions ?? [])];
  const refIds = rule.data.map(({ refId }) => refId);
  const text = Object.values(rule.annotations).join(' ');
  for (const [, label] of text.matchAll(/\$labels\.(\w+)/g)) expect(labels).toContain(label);
  for (const [, value] of text.matchAll(/\$values\.(\w+)/g)) expect(refIds).toContain(value);
});

it.each(named)('%s asks for what a shipped dataset has, without variables and without what Amazon hid', (_uid, rule) => {
  expect(queriesOf(rule).length).toBeGreaterThan(0);
  for (const { refId, datasourceUid, model } of queriesOf(rule)) {
    expect({ refId, datasourceUid, version: model.version }).toEqual({ refId: model.refId, datasourceUid: 'amc-reports', version: 2 });
    expect(FIELDS).toEqual(expect.arrayContaining(Object.keys(model)));
    expect(JSON.stringify(model)).not.toContain('$');
    if (model.queryType === 'metrics') {
      expect(model).toMatchObject({ rest: 'hide' });
      expect(model.partial ?? 'drop').toBe('drop');
      // A number is that of the newest complete bucket; what is compared with weeks before is a series.
      if (model.format !== 'timeseries') expect(model).toMatchObject({ format: 'numeric', latest: true });
    }
    if (model.dataset === undefined) continue;
    const dataset = shippedDatasets.get(model.dataset);
    for (const metric of model.metrics ?? []) expect(dataset?.metrics.map(({ name }) => name)).toContain(metric);
    for (const dimension of model.dimensions ?? [])
      expect(['instance', ...(dataset?.dimensions.map(({ name }) => name) ?? [])]).toContain(dimension);
  }
});

it.each(named)('%s looks back far enough for a complete week', (_uid, rule) => {
  for (const { relativeTimeRange, model } of queriesOf(rule)) {
    if (model.queryType === 'collection_health') continue;
    expect(relativeTimeRange).toEqual({ from: expect.any(Number), to: 0 });
    expect(relativeTimeRange?.from).toBeGreaterThanOrEqual(A_COMPLETE_WEEK_S);
  }
});

it.each(named)('%s ends in a threshold, since Grafana takes a formula without a number for firing', (_uid, rule) => {
  const refIds = rule.data.map(({ refId }) => refId);
  expect(new Set(refIds).size).toBe(refIds.length);
  expect(expressionsOf(rule).find(({ refId }) => refId === rule.condition)).toMatchObject({ type: 'threshold' });
  for (const { type, expression = '' } of expressionsOf(rule)) {
    const asked = type === 'math' ? [...expression.matchAll(/\$(\w+)/g)].map(([, name]) => name) : [expression];
    for (const name of asked) expect(refIds).toContain(name);
  }
});

it.each(named)('%s is explained in docs/operations.md', (_uid, { title }) => {
  const docs = readFileSync(join(root, 'docs/operations.md'), 'utf8');
  const meaning = docs.slice(docs.indexOf('## What the alerts mean'), docs.indexOf('## A collection is stuck'));
  expect(meaning).toContain(`**${title}**`);
});
