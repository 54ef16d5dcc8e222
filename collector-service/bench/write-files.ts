import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOf, shuffled, weekLines } from './rows.ts';

/**
 * Writes the result files of the benchmark: node write-files.ts DIRECTORY ROWS RESTATED WEEK…
 * A process of its own, so that making the files does not count as the collector's memory.
 * Every week gets a file; the last RESTATED ones also one in another order and one with a tenth of the rows changed.
 */
const [directory, rows, restated, ...weeks] = process.argv.slice(2) as [string, string, string, ...string[]];
const write = (name: string, lines: Iterable<string>): Promise<void> => writeFile(join(directory, name), fileOf(lines));
for (const [index, week] of weeks.entries()) {
  await write(`week-${week}.csv`, weekLines(week, Number(rows)));
  if (index < weeks.length - Number(restated)) continue;
  await write(`reordered-${week}.csv`, shuffled([...weekLines(week, Number(rows))], index));
  await write(`restated-${week}.csv`, weekLines(week, Number(rows), 0.1));
}
