import type { Store } from '@amc-reports/collector-service/data/store/store.ts';
import type { BackupContext } from '@amc-reports/collector-service/product/backup/context.ts';
import { SILENT } from '../collect/database.ts';

const DEADLINE_MS = 120_000;

export const backupContext = (store: Store): BackupContext => ({
  store,
  logger: SILENT,
  actor: 'ada',
  signal: AbortSignal.timeout(DEADLINE_MS),
});
