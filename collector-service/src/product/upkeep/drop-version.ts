import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Store } from '../../data/store/store.ts';
import { deleteVersionRecords, dropTables, lockVersion, selectVersions, tablesOf, type VersionUse } from './statements/versions.ts';
import { writeAudit } from '../../ground/audit.ts';

export type VersionState = 'collected' | 'only_copy' | 'loaded' | 'unused';

export interface DatasetVersion extends VersionUse {
  /**
   * collected: live collections fill it. only_copy: it serves weeks that no other version has. loaded: its file is still there to be
   * asked. unused: nothing needs it, it may be dropped.
   */
  state: VersionState;
}

/** Every dataset version that has tables, with what speaks against dropping it. */
export async function listVersions(store: Store, catalogue: Catalogue): Promise<DatasetVersion[]> {
  return (await selectVersions(store.pool)).map((version) => ({ ...version, state: stateOf(version, catalogue) }));
}

function stateOf({ dataset, version, liveCollections, onlyHere }: VersionUse, catalogue: Catalogue): VersionState {
  if (liveCollections > 0) return 'collected';
  if (onlyHere > 0) return 'only_copy';
  return catalogue.datasets.some((each) => each.dataset === dataset && each.version === version) ? 'loaded' : 'unused';
}

/**
 * Removes the tables of a dataset version that nothing needs any more, with its weeks, revisions and stored files, in one transaction.
 * The record of the version itself stays, as old collections refer to it; loading its file again would make new, empty tables.
 * @throws CollectorError not_found, conflict with what still needs it
 */
export async function dropVersion(
  deps: { store: Store; catalogue: Catalogue },
  {
    dataset,
    version,
    workspaceId,
    person,
    dryRun,
  }: { dataset: string; version: number; workspaceId: string; person: string; dryRun: boolean },
  signal: AbortSignal,
): Promise<DatasetVersion> {
  return deps.store.transaction(
    async (tx) => {
      await lockVersion(tx, dataset, version);
      const use = (await selectVersions(tx)).find((each) => each.dataset === dataset && each.version === version);
      if (!use) throw nothingThere(dataset, version);
      const found = { ...use, state: stateOf(use, deps.catalogue) };
      if (found.state !== 'unused') throw needed(found);
      if (dryRun) return found;
      const tables = await tablesOf(tx, dataset, version);
      await deleteVersionRecords(tx, dataset, version);
      await dropTables(tx, tables);
      await writeAudit(tx, {
        workspaceId,
        person,
        action: 'dataset.dropVersion',
        subject: `${dataset} v${version}`,
        details: { tables, weeks: use.weeks, bytes: Number(use.bytes) },
      });
      return found;
    },
    { signal },
  );
}

const WHY: Record<Exclude<VersionState, 'unused'>, (version: DatasetVersion) => string> = {
  collected: ({ liveCollections }) =>
    `${liveCollections} live collections fill it. Move them (collector dataset upgrade) or cancel them first`,
  only_copy: ({ onlyHere }) => `${onlyHere} of its weeks are in no other version. Fill those first (collector dataset upgrade)`,
  loaded: () => `its file is still loaded, so it can still be asked for. Take the file away and start the collector without it first`,
};

function needed(found: DatasetVersion): CollectorError {
  const why = WHY[found.state as Exclude<VersionState, 'unused'>](found);
  return new CollectorError('conflict', `${found.dataset} version ${found.version} stays: ${why}.`);
}

const nothingThere = (dataset: string, version: number): CollectorError =>
  new CollectorError(
    'not_found',
    `There are no tables of ${dataset} version ${version}; collector clean-up --versions lists those that exist.`,
  );
