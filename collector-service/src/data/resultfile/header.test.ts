import { compareHeader, matchHeader, parseHeader } from './header.ts';

const named = (...names: string[]) => names.map((name) => ({ name }));

test('quoted and bare names, CRLF included', () => {
  expect(parseHeader(Buffer.from('"a,1",b,"c ""x"""\r\n'), 'f')).toEqual(['a,1', 'b', 'c ""x""']);
  expect(parseHeader(Buffer.from('a,,b\n'), 'f')).toEqual(['a', '', 'b']);
});

test('columns are found by name in any case and order, and those that nobody expects keep their place', () => {
  expect(matchHeader(named('a', 'b', 'c'), ['C', 'A', ' b '], 'f')).toEqual([2, 0, 1]);
  expect(matchHeader(named('a', 'b'), ['b', 'viewable impressions', 'a'], 'f')).toEqual([1, undefined, 0]);
});

test.each([
  [['a'], 'missing: "b"'],
  [['a', 'b', 'A'], 'without a name of their own: "A"'],
  [['a', 'b', 'x', 'X'], 'without a name of their own: "X"'],
  [['a', 'b', ''], 'without a name of their own: ""'],
  [['a', 'b', 'x\u0000y'], 'without a name of their own'],
  [['a', 'b', 'ü'.repeat(32)], 'without a name of their own'],
])('a header of %j is refused with a sentence that says %s', (header, says) => {
  expect(() => matchHeader(named('a', 'b'), header, 'the file')).toThrow(
    expect.objectContaining({ code: 'result_header', kind: 'data', message: expect.stringContaining(says) }),
  );
});

test('a column that resembles a missing one counts as renamed, and is not offered twice', () => {
  expect(compareHeader(named('clicks', 'sales', 'units'), ['clicks', 'Sale', 'viewable'])).toEqual({
    order: [0, undefined, undefined],
    missing: ['units'],
    renamed: [{ column: 'sales', found: 'Sale' }],
    added: ['viewable'],
    unusable: [],
    tooMany: 0,
  });
});

test('a hundred added columns are additions; a hundred and one are another file, which is said in those words', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `column ${index} of many`);
  expect(compareHeader(named('clicks'), ['clicks', ...many(100)])).toMatchObject({ unusable: [], tooMany: 0 });
  expect(compareHeader(named('clicks'), ['clicks', ...many(101)])).toMatchObject({ unusable: [], tooMany: 101 });
  expect(() => matchHeader(named('clicks'), ['clicks', ...many(101)], 'f')).toThrow(
    /101 columns that the dataset does not know.*100 at most/,
  );
});

test('a column is found by any header that the dataset names, and by its own name', () => {
  const columns = [
    { name: 'spend', header: ['Ad Spend', 'Cost (€)'] },
    { name: 'clicks', header: 'Link Clicks' },
  ];
  expect(matchHeader(columns, ['link clicks', ' Ad Spend '], 'f')).toEqual([1, 0]);
  expect(matchHeader(columns, ['Cost (€)', 'CLICKS'], 'f')).toEqual([0, 1]);
  expect(compareHeader(columns, ['Link Click', 'spend'])).toMatchObject({ renamed: [{ column: 'clicks', found: 'Link Click' }] });
  expect(compareHeader(columns, ['Ad Spend', 'spend', 'clicks'])).toMatchObject({ unusable: ['spend'] });
});
