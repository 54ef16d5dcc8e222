import { matchHeader, parseHeader } from './header.ts';

test('quoted and bare names, CRLF included', () => {
  expect(parseHeader(Buffer.from('"a,1",b,"c ""x"""\r\n'), 'f')).toEqual(['a,1', 'b', 'c ""x""']);
  expect(parseHeader(Buffer.from('a,,b\n'), 'f')).toEqual(['a', '', 'b']);
});

test('columns are found by name in any case and order', () => {
  expect(matchHeader(['a', 'b', 'c'], ['C', 'A', ' b '], 'f').order).toEqual([2, 0, 1]);
});

test.each([
  [['a'], 'missing: "b"'],
  [['a', 'b', 'x'], 'not in the dataset: "x"'],
  [['a', 'b', 'A'], 'given twice: "A"'],
  [[''], 'not in the dataset: ""'],
])('a header of %j is refused with a sentence that says %s', (header, says) => {
  expect(() => matchHeader(['a', 'b'], header, 'the file')).toThrow(
    expect.objectContaining({ code: 'result_header', kind: 'data', message: expect.stringContaining(says) }),
  );
});
