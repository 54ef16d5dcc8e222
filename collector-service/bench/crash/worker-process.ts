import { flushCompileCache } from 'node:module';
import { offsetClock } from '../../src/ground/calendar/clock.ts';
import { Catalogue } from '../../src/data/catalogue/catalogue.ts';
import { loadDatasets } from '../../src/data/catalogue/load.ts';
import type { CollectSettings } from '../../src/engine/collect/settings.ts';
import { createTestCollector } from '@amc-reports/test-support/collect/collector.ts';
import { runWorker } from '../../src/engine/collect/worker.ts';
import { openStore } from '../../src/data/store/store.ts';
import { createLogger } from '../../src/ground/telemetry/log.ts';

export interface WorkerOrder {
  databaseUrl: string;
  datasets: string;
  spoolDirectory: string;
  calendarOffsetMs: number;
  settings: Partial<CollectSettings>;
}

/** A worker that gets everything ready, says so, and begins at the word of its parent, so that a killed one is replaced at once. */
const order = JSON.parse(process.argv[2]!) as WorkerOrder;
const logger = createLogger('warn');
const store = await openStore(order.databaseUrl, { maxConnections: 12, applicationName: `crash-worker-${process.pid}`, logger });
const catalogue = new Catalogue(await loadDatasets([order.datasets]));
const { deps } = await createTestCollector(store, catalogue, logger, order.settings);
const begun = new Promise((resolve) => process.once('message', resolve));
process.once('disconnect', () => process.exit(1));
// A process that is killed writes nothing; the next one starts sooner.
flushCompileCache();
process.send!('ready');
await begun;
await runWorker(
  { ...deps, clock: offsetClock(order.calendarOffsetMs), spoolDirectory: order.spoolDirectory },
  new AbortController().signal,
);
