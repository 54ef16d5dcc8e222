import { compareHeader, matchHeader, parseHeader } from './header.ts';

test('quoted and bare names, CRLF included', () => {
  expect(parseHeader(Buffer.from('"a,1",b,"c ""x"""\r\n'), 'f')).toEqual(['a,1', 'b', 'c ""x""']);
  expect(parseHeader(Buffer.from('a,,b\n'), 'f')).toEqual(['a', '', 'b']);
});

test('columns are found by name in any case and order, and those that nobody expects keep their place', () => {
  expect(matchHeader(['a', 'b', 'c'], ['C', 'A', ' b '], 'f')).toEqual([2, 0, 1]);
  expect(matchHeader(['a', 'b'], ['b', 'viewable impressions', 'a'], 'f')).toEqual([1, undefined, 0]);
});

test.each([
  [['a'], 'missing: "b"'],
  [['a', 'b', 'A'], 'without a name of their own: "A"'],
  [['a', 'b', 'x', 'X'], 'without a name of their own: "X"'],
  [['a', 'b', ''], 'without a name of their own: ""'],
  [['a', 'b', 'x\u0000y'], 'without a name of their own'],
  [['a', 'b', 'ü'.repeat(32)], 'without a name of their own'],
])('a header of %j is refused with a sentence that says %s', (header, says) => {
  expect(() => matchHeader(['a', 'b'], header, 'the file')).toThrow(
    expect.objectContaining({ code: 'result_header', kind: 'data', message: expect.stringContaining(says) }),
  );
});

test('a column that resembles a missing one counts as renamed, and is not offered twice', () => {
  expect(compareHeader(['clicks', 'sales', 'units'], ['clicks', 'Sale', 'viewable'])).toEqual({
    order: [0, undefined, undefined],
    missing: ['units'],
    renamed: [{ column: 'sales', found: 'Sale' }],
    added: ['viewable'],
    unusable: [],
  });
});

test('a hundred added columns are additions; a hundred and one are another file', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `column ${index} of many`);
  expect(compareHeader(['clicks'], ['clicks', ...many(100)]).unusable).toEqual([]);
  expect(compareHeader(['clicks'], ['clicks', ...many(101)]).unusable).toHaveLength(101);
});
