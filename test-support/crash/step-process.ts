import { createLogger } from '@amc-reports/collector-service/ground/telemetry/log.ts';
import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { loadDatasets, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { tickDue } from '@amc-reports/collector-service/product/schedule/due.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore } from '@amc-reports/collector-service/data/store/store.ts';
import { rebuild, type RebuildRequest } from '@amc-reports/collector-service/product/upkeep/rebuild.ts';
import { backup } from '@amc-reports/collector-service/product/backup/backup.ts';
import { checkBackup } from '@amc-reports/collector-service/product/backup/check.ts';
import { restore } from '@amc-reports/collector-service/product/backup/restore.ts';
import { importFiles, type ImportRequest } from '@amc-reports/collector-service/engine/collect/import/import.ts';
import { upkeepContext } from '../upkeep/context.ts';
import { acceptHeldRun, type HeldRequest } from './accept-held-run.ts';

/** One deed in a process of its own, for the tests that kill it: `node step-process.ts <deed> <database URL> <request as JSON>`. */
type Of<Request> = Request & { workspaceId: string };
const [, , deed, databaseUrl, request] = process.argv;
const logger = createLogger('info');
const store = await openStore(databaseUrl!, { logger });
const datasets = await loadDatasets([SHIPPED_DATASETS]);
const catalogue = new Catalogue(datasets);
const asked: unknown = JSON.parse(request ?? 'null');
const signal = AbortSignal.timeout(240_000);
/** Imports and upkeep are asked for with the workspace beside the request. */
const within = (workspaceId: string) => upkeepContext({ store, catalogue, workspaceId }, { logger, signal });

const DEEDS: Record<string, () => Promise<unknown>> = {
  migrate: () => migrate(store, { datasets, logger }),
  tick: () => tickDue({ store, catalogue, clock: () => new Date(asked as string), timeFactor: 1 }, signal),
  accept: () => acceptHeldRun({ store, catalogue }, asked as HeldRequest),
  backup: () => backup({ store, logger, signal, actor: 'test' }, { to: asked as string }),
  restore: async () => {
    const from = asked as string;
    await restore({ store, logger, signal, actor: 'test' }, { from, manifest: await checkBackup(from, signal) });
  },
  rebuild: () => {
    const { workspaceId, ...of } = asked as Of<RebuildRequest>;
    return rebuild(within(workspaceId), of);
  },
  import: () => {
    const { workspaceId, ...of } = asked as Of<ImportRequest>;
    return importFiles(within(workspaceId), of);
  },
};
process.stdout.write('ready\n');
await DEEDS[deed!]!();
await store.close();
