import { tmpdir } from 'node:os';
import type { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { accept } from '@amc-reports/collector-service/product/review/accept.ts';
import type { Store } from '@amc-reports/collector-service/data/store/store.ts';

export interface HeldRequest {
  run: string;
  /** instances.id */
  instance: string;
  workspaceId: string;
}

/** A person takes a held result as it is. */
export const acceptHeldRun = ({ store, catalogue }: { store: Store; catalogue: Catalogue }, { run, instance, workspaceId }: HeldRequest) =>
  accept(
    { store, catalogue, spoolDirectory: tmpdir() },
    { scope: { workspaceId, instanceIds: [instance] }, person: 'ada' },
    run,
    { reason: 'looked at it' },
    AbortSignal.timeout(30_000),
  );
