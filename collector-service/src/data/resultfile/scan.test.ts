import fc from 'fast-check';
import { CsvScanner } from './scan.ts';

const bytes = fc
  .array(fc.constantFrom('a', 'bc', ',', '"', '\n', '\r\n', '\r', '\\', '""', '\\"', ',"', '",', '"\n', 'é'), { maxLength: 40 })
  .map((pieces) => Buffer.from(pieces.join('')));

function scan(pieces: readonly Uint8Array[]): CsvScanner {
  const scanner = new CsvScanner();
  for (const piece of pieces) scanner.push(piece);
  scanner.end();
  return scanner;
}

test('a file is read the same wherever it is cut', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(80), { maxLength: 4 }), (file, cuts) => {
      const edges = [0, ...cuts.map((cut) => Math.min(cut, file.length)).sort((left, right) => left - right), file.length];
      const pieces = edges.slice(1).map((end, index) => file.subarray(edges[index], end));
      expect(scan(pieces)).toEqual(scan([...file].map((byte) => Uint8Array.of(byte))));
    }),
    { numRuns: 2_000 },
  );
});

test('rows, line ends and line breaks in fields are counted for both readings', () => {
  const { doubled, backslash, headerEnd, differ } = scan([Buffer.from('a,b\r\n1,"x\ny"\r\n2,"say ""hi"""\n3,\n')]);
  expect({ headerEnd, differ }).toEqual({ headerEnd: 5, differ: false });
  expect(doubled).toEqual({ rows: 4, crlf: 2, returns: 2, breaksInFields: 1, diedInRow: 0, complete: true });
  expect(backslash).toMatchObject({ rows: 2, diedInRow: 3 });
});

test('backslashes outside quotes and in fields without quotes mean nothing', () => {
  const { doubled, backslash, differ } = scan([Buffer.from('a\n\\\n1\\,2\n')]);
  expect(differ).toBe(false);
  expect(doubled).toEqual(backslash);
  expect(doubled.rows).toBe(3);
});
