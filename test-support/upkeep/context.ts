import { tmpdir } from 'node:os';
import type { UpkeepContext } from '@amc-reports/collector-service/product/upkeep/context.ts';
import type { Retention } from '@amc-reports/collector-service/product/upkeep/retention.ts';
import { testContext } from '../collect/context.ts';

export const KEEP: Retention = { resultFilesWeeks: undefined, heldFilesDays: 30, runsDays: 400, auditDays: undefined };
const DEADLINE_MS = 60_000;

/** What imports and upkeep take, over the whole workspace, for a minute. */
export const upkeepContext = (database: Parameters<typeof testContext>[0], more: Partial<UpkeepContext> = {}): UpkeepContext => ({
  ...testContext(database),
  spoolDirectory: tmpdir(),
  retention: KEEP,
  signal: AbortSignal.timeout(DEADLINE_MS),
  ...more,
});
