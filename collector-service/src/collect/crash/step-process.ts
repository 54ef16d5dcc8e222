import { tmpdir } from 'node:os';
import { createLogger } from '../../telemetry/log.ts';
import { Catalogue } from '../../catalogue/catalogue.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../../catalogue/load.ts';
import { tickDue } from '../../schedule/due.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/store.ts';
import { rebuild, type RebuildRequest } from '../../upkeep/rebuild.ts';
import { importFiles, type ImportRequest } from '../import/import.ts';
import { createTestCollector } from '../testing/collector.ts';
import { acceptHeldRun, type HeldRequest } from './accept-held-run.ts';

/** One deed in a process of its own, for the tests that kill it: `node step-process.ts <deed> <database URL> <request as JSON>`. */
const [, , deed, databaseUrl, request] = process.argv;
const logger = createLogger('info');
const store = await openStore(databaseUrl!, { logger });
const datasets = await loadDatasets([SHIPPED_DATASETS]);
const catalogue = new Catalogue(datasets);
const asked: unknown = JSON.parse(request ?? 'null');
const spoolDirectory = tmpdir();
const signal = AbortSignal.timeout(60_000);

const DEEDS: Record<string, () => Promise<unknown>> = {
  migrate: () => migrate(store, { datasets, logger }),
  tick: () => tickDue({ store, catalogue, clock: () => new Date(asked as string), timeFactor: 1 }, signal),
  accept: () => acceptHeldRun({ store, catalogue }, asked as HeldRequest),
  rebuild: () => rebuild({ store, catalogue, logger, spoolDirectory }, asked as RebuildRequest, signal),
  import: async () => {
    const collector = await createTestCollector(store, catalogue, logger);
    await importFiles(collector.deps, asked as ImportRequest, signal);
    await collector.close();
  },
};
process.stdout.write('ready\n');
await DEEDS[deed!]!();
await store.close();
