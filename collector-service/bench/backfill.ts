import { join } from 'node:path';
import { benchDatasets } from './datasets.ts';
import { scanFile } from '../src/data/resultfile/spool.ts';
import { mergeWeek } from '../src/data/store/merge/merge-week.ts';
import { openStore } from '../src/data/store/store.ts';
import { createAccount } from './account.ts';

/**
 * A backfill beside the questions: node backfill.ts DIRECTORY WEEK…, database in BENCH_DATABASE_URL. Merges the weeks' files and their
 * restatements in turn, into the tables that are asked, until it is told to end; prints a line after each merge.
 * A process of its own, as a worker is.
 */
const [directory, ...weeks] = process.argv.slice(2) as [string, ...string[]];
const store = await openStore(process.env.BENCH_DATABASE_URL!, { maxConnections: 2 });
const datasets = await benchDatasets();
const dataset = datasets.find((each) => each.dataset === 'campaign_performance')!;
const { instanceId, claimRuns } = await createAccount(store, dataset, weeks[0]!, weeks.at(-1)!);
let ending = false;
process.on('SIGTERM', () => (ending = true));
for (let round = 0; !ending; round++) {
  for (const [index, held] of (await claimRuns(weeks)).entries()) {
    if (ending) break;
    const week = weeks[index]!;
    const file = join(directory, `${round % 2 === 0 ? 'week' : 'restated'}-${week}.csv`);
    const part = await scanFile(file, 'backfill.csv', { escape: 'doubled' }, AbortSignal.timeout(600_000));
    const { rowsTotal } = await store.transaction(async (tx) => {
      const merged = await mergeWeek(tx, { dataset, instanceId, week, ...held, parts: [part] });
      await tx.query(`UPDATE week_runs SET state = 'done', finished_at = now() WHERE id = $1`, [held.runId]);
      return merged;
    });
    console.log(rowsTotal);
  }
}
await store.close();
