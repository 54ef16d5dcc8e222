import { open } from 'node:fs/promises';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { CollectorError } from '../../../contract/error.ts';
import { compareHeader, parseHeader } from '../../../data/resultfile/header.ts';
import type { ScannedPart } from '../../../data/resultfile/spool.ts';

const LINES = 30;
const BYTES = 32 * 1024;

/**
 * Reports put a title and a date above their table. Deleting them is a person's work: what they say may be worth reading.
 * @throws CollectorError result_header when the header stands below the first line
 */
export async function refuseLinesAbove({ path, name, header }: ScannedPart, { columns }: Dataset): Promise<void> {
  const fits = (names: readonly string[]): boolean => {
    const { missing, renamed } = compareHeader(columns, names);
    return missing.length + renamed.length === 0;
  };
  if (fits(header)) return;
  const lines = (await firstText(path)).split('\n').slice(0, LINES);
  const place = lines.findIndex((line) => fits(parseHeader(Buffer.from(line), name)));
  if (place <= 0) return;
  throw new CollectorError(
    'result_header',
    `The header seems to be line ${place + 1} of ${name}. Delete the ${place === 1 ? 'line' : `${place} lines`} above it, and lines of totals below the table, and import again.`,
  );
}

async function firstText(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const bytes = Buffer.alloc(BYTES);
    const { bytesRead } = await file.read(bytes, 0, BYTES, 0);
    return bytes.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
