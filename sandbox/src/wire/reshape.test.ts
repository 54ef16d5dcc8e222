import type { Fault } from '../control/faults.ts';
import { csvFormat } from '../execution/csv.ts';
import { reshape } from './reshape.ts';

const format = csvFormat({}, { bom: false, crlf: false });
const FILE = 'campaign,clicks,cost\n"a, \\"b\\"",1,2.5\nc,3,4\n';
const shaped = (name: Fault['name'], more: Partial<Fault> = {}): string =>
  reshape({ id: 1, fired: 0, match: {}, name, ...more }, FILE, format);

test.each<[Fault['name'], Partial<Fault>, string]>([
  ['column-added', {}, 'campaign,clicks,cost,new_column\n"a, \\"b\\"",1,2.5,x\nc,3,4,x\n'],
  ['column-removed', {}, 'campaign,clicks\n"a, \\"b\\"",1\nc,3\n'],
  ['column-renamed', { column: 'clicks' }, 'campaign,clicks_renamed,cost\n"a, \\"b\\"",1,2.5\nc,3,4\n'],
  ['column-retyped', { column: 'clicks' }, 'campaign,clicks,cost\n"a, \\"b\\"",many,2.5\nc,many,4\n'],
  ['columns-reordered', {}, 'cost,clicks,campaign\n2.5,1,"a, \\"b\\""\n4,3,c\n'],
  ['rows-duplicated', {}, 'campaign,clicks,cost\n"a, \\"b\\"",1,2.5\nc,3,4\n"a, \\"b\\"",1,2.5\n'],
  ['rows-removed', {}, 'campaign,clicks,cost\n'],
  ['rows-halved', { column: 'campaign' }, 'campaign,clicks,cost\n"a, \\"b\\"",1,2.5\n'],
  ['byte-order-mark', {}, `\ufeff${FILE}`],
])('%s gives the file another shape and leaves the rest as it is', (name, more, expected) => {
  expect(shaped(name, more)).toBe(expected);
});

test('a column that the result does not have is named, with those it has', () => {
  expect(() => shaped('column-removed', { column: 'sales' })).toThrow('The result has no column sales; it has campaign, clicks, cost.');
});
