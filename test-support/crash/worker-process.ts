import { flushCompileCache } from 'node:module';
import { createLogger } from '@amc-reports/collector-service/ground/telemetry/log.ts';
import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { loadDatasets, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { openStore } from '@amc-reports/collector-service/data/store/store.ts';
import type { CollectSettings } from '@amc-reports/collector-service/engine/collect/settings.ts';
import { createTestCollector } from '../collect/collector.ts';
import { runWorker } from '@amc-reports/collector-service/engine/collect/worker.ts';

/** A worker in a process of its own, for the tests that kill it: `node worker-process.ts <database URL> <settings as JSON>`. Logs to stderr. */
const [, , databaseUrl, settings] = process.argv;
const logger = createLogger('info');
const store = await openStore(databaseUrl!, { logger });
const catalogue = new Catalogue(await loadDatasets([SHIPPED_DATASETS]));
const collector = await createTestCollector(store, catalogue, logger, JSON.parse(settings ?? '{}') as Partial<CollectSettings>);
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
// A process that is killed writes nothing; the next one starts sooner.
flushCompileCache();
process.stdout.write('ready\n');
await runWorker(collector.deps, stop.signal);
await collector.close();
await store.close();
