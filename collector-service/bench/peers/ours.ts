import { benchDatasets } from '../datasets.ts';
import { openStore } from '../../src/data/store/store.ts';
import { createAccount } from '../account.ts';
import { LoadRun, MERGES_AT_ONCE, RESTATED_WEEKS, type Passage } from '../load-run.ts';

/**
 * Takes the files of a folder through ours, reading them where they lie as dlt does, and prints rows per second:
 * node ours.ts DIRECTORY ROWS WEEK…, database in BENCH_DATABASE_URL. A process of its own, as dlt's runs are.
 */
const [directory, rowsPerWeek, ...weeks] = process.argv.slice(2) as [string, string, ...string[]];
const store = await openStore(process.env.BENCH_DATABASE_URL!, { maxConnections: MERGES_AT_ONCE + 1 });
const datasets = await benchDatasets();
const dataset = datasets.find((each) => each.dataset === 'campaign_performance')!;
const account = await createAccount(store, dataset, weeks[0]!, weeks.at(-1)!);
const run = new LoadRun({ store, dataset, directory, rowsPerWeek: Number(rowsPerWeek), account });
const late = weeks.slice(-RESTATED_WEEKS);
const speed = ({ rowsPerSecond }: Passage): number => rowsPerSecond;
const first = speed(await run.measure(weeks, MERGES_AT_ONCE, 'week'));
const identical = speed(await run.measure(late, MERGES_AT_ONCE, 'week'));
const restated = speed(await run.measure(late, MERGES_AT_ONCE, 'restated'));
await store.close();
console.log(JSON.stringify({ first, identical, restated }));
