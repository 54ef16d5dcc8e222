import contract from '../../../collector-service/src/contract/golden/metric-query.schema.json';
import type { AmcQuery } from '../query';
import schema from '../schemas/query.json';
import { querySchema } from '../schemas/query-schema';
import { CATALOGUE } from '../testing/catalogue';
import { schemaFor } from './json-schema';
import { fromText, toText, unknownFields } from './query-text';

const QUERY = {
  refId: 'A',
  key: 'k',
  hide: false,
  version: 2,
  editorMode: 'code',
  datasource: { type: 'amc', uid: 'u' },
  dataset: 'campaign_performance',
  metrics: ['$metric', 'spend'],
  filters: [{ dimension: 'campaign', operator: 'in', values: ['[[Q4]]'], fixed: ['[[Q4]]'] }],
  instances: ['amcus'],
  limit: 5,
} as AmcQuery & { key: string };

it('loses nothing on the way to text and back, and shows nothing of Grafana', () => {
  expect(toText(QUERY)).not.toMatch(/refId|datasource"|editorMode|version|"key"/);
  expect(fromText(toText(QUERY), QUERY)).toEqual({ query: QUERY });
});

it('keeps what it does not know, and says so', () => {
  const read = fromText('{"metrics":["spend"],"colour":"red"}', QUERY);
  expect(read).toEqual({ query: expect.objectContaining({ colour: 'red', refId: 'A', metrics: ['spend'] }) });
  expect(read).not.toHaveProperty('query.limit');
  expect(unknownFields((read as { query: AmcQuery }).query)).toEqual(['colour']);
  expect(unknownFields(QUERY)).toEqual([]);
});

it.each([
  ['{"metrics": [\n  "spend",,\n]}', 'line 2, column 11'],
  ['{"metrics": ["spend"]', 'line 1, column 22'],
  ['[1]', 'A query is an object'],
  ['', 'line 1, column 1'],
])('says where %j is no query', (text, mistake) => {
  expect(fromText(text, QUERY)).toEqual({ mistake: expect.stringContaining(mistake) });
});

it("is taught by the contract's schema (node scripts/build-schemas.mjs)", () => {
  expect(schema).toEqual(querySchema(contract));
});

it('offers the names of the catalogue, of the dataset where it is known', () => {
  const all = JSON.stringify(schemaFor(CATALOGUE, undefined));
  const one = JSON.stringify(schemaFor(CATALOGUE, CATALOGUE.datasets[0]));
  expect(all).toContain('"reach"');
  expect(one).not.toContain('"reach"');
  expect(one).toContain('"roas"');
});
