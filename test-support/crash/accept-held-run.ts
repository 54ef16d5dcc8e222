import { tmpdir } from 'node:os';
import type { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { acceptHeldRun as accept } from '@amc-reports/collector-service/product/review/accept.ts';
import type { Store } from '@amc-reports/collector-service/data/store/store.ts';
import { testContext } from '../collect/context.ts';

export interface HeldRequest {
  run: string;
  /** instances.id */
  instance: string;
  workspaceId: string;
}

/** A person takes a held result as it is. */
export const acceptHeldRun = ({ store, catalogue }: { store: Store; catalogue: Catalogue }, { run, instance, workspaceId }: HeldRequest) =>
  accept(
    {
      ...testContext({ store, catalogue, workspaceId }),
      scope: { workspaceId, instanceIds: [instance] },
      spoolDirectory: tmpdir(),
      signal: AbortSignal.timeout(60_000),
    },
    { runId: run, reason: 'looked at it' },
  );
