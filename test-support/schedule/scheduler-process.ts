import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { loadDatasets, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { openStore } from '@amc-reports/collector-service/data/store/store.ts';
import { createLogger } from '@amc-reports/collector-service/ground/telemetry/log.ts';
import { runScheduler } from '@amc-reports/collector-service/product/schedule/scheduler.ts';

/** A scheduler in a process of its own, for the test that kills it: `node scheduler-process.ts <database URL> <calendar, ISO>`. */
const [, , databaseUrl, calendar] = process.argv;
const logger = createLogger('warn');
const store = await openStore(databaseUrl!, { logger });
const catalogue = new Catalogue(await loadDatasets([SHIPPED_DATASETS]));
await runScheduler({ store, catalogue, clock: () => new Date(calendar!), timeFactor: 1, logger }, new AbortController().signal);
