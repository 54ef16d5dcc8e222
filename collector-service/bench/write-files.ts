import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileOf, shuffled, weekLines } from './rows.ts';

/**
 * Writes the result files of the benchmark: node write-files.ts DIRECTORY ROWS RESTATED WEEK…
 * A process of its own, so that making the files does not count as the collector's memory.
 * Every week gets a file; the last RESTATED ones also one in another order and one with a tenth of the campaign days changed.
 */
const [directory, rows, restated, ...weeks] = process.argv.slice(2) as [string, string, string, ...string[]];
for (const [index, week] of weeks.entries()) {
  const lines = weekLines(week, Number(rows));
  await writeFile(join(directory, `week-${week}.csv`), fileOf(lines));
  if (index < weeks.length - Number(restated)) continue;
  await writeFile(join(directory, `reordered-${week}.csv`), fileOf(shuffled(lines, index)));
  await writeFile(join(directory, `restated-${week}.csv`), fileOf(weekLines(week, Number(rows), 0.1)));
}
