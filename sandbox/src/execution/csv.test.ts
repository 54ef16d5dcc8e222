import { csvFiles, csvFormat } from './csv.ts';

const output = [
  { name: 'text', columnType: 'DIMENSION', dataType: 'STRING' },
  { name: 'at', columnType: 'DIMENSION', dataType: 'TIMESTAMP' },
  { name: 'yes', columnType: 'DIMENSION', dataType: 'BOOLEAN' },
] as const;
const knobs = { bom: false, crlf: false };
const one = (text: string | null, format = csvFormat({}, knobs)): string =>
  csvFiles({ output, rows: [[text, '2026-03-01 05:00:00', 't']] }, format, { seed: 'x', parts: 1 })[0]?.slice('text,at,yes\n'.length) ?? '';

it('quotes only where needed and escapes with a backslash', () => {
  expect(one('plain')).toBe('plain,2026-03-01T05:00:00.000,TRUE\n');
  expect(one('a, "b" \\ c')).toBe('"a, \\"b\\" \\\\ c",2026-03-01T05:00:00.000,TRUE\n');
  expect(one('two\nlines')).toBe('"two\nlines",2026-03-01T05:00:00.000,TRUE\n');
  expect(one(null)).toBe(',2026-03-01T05:00:00.000,TRUE\n');
});

it('doubles the quote when the quote is its own escape', () => {
  expect(one('a "b" \\ c', csvFormat({ escapeCharacter: '"' }, knobs))).toBe('"a ""b"" \\ c",2026-03-01T05:00:00.000,TRUE\n');
});

it('splits into at most five files and never loses a row', () => {
  const rows = Array.from({ length: 11 }, (_, index) => [String(index), null, 'f']);
  const files = csvFiles({ output, rows }, csvFormat({}, { bom: true, crlf: true }), { seed: 'y', parts: 9 });
  expect(files).toHaveLength(5);
  expect(files.every((file) => file.startsWith('\ufefftext,at,yes\r\n'))).toBe(true);
  const numbers = files.flatMap((file) => file.split('\r\n').slice(1, -1)).map((line) => Number(line.split(',')[0]));
  expect(numbers.sort((one, other) => one - other)).toEqual(rows.map((_, index) => index));
});
