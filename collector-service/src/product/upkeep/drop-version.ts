import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import { CollectorError } from '../../contract/error.ts';
import { deleteVersionRecords, dropTables, lockVersion, selectVersions, tablesOf, type VersionUse } from './statements/versions.ts';
import { decide } from '../../ground/decide.ts';
import type { Tx } from '../../ground/database.ts';
import type { UpkeepContext } from './context.ts';

export type VersionState = 'collected' | 'only_copy' | 'loaded' | 'unused';

export interface DatasetVersion extends VersionUse {
  /**
   * collected: live collections fill it. only_copy: it serves weeks that no other version has. loaded: its file is still there to be
   * asked. unused: nothing needs it, it may be dropped.
   */
  state: VersionState;
}

/** Every dataset version that has tables, with what speaks against dropping it. */
export async function listVersions({ store, catalogue }: UpkeepContext): Promise<DatasetVersion[]> {
  return (await selectVersions(store.pool)).map((version) => ({ ...version, state: stateOf(version, catalogue) }));
}

function stateOf({ dataset, version, liveCollections, onlyHere }: VersionUse, catalogue: Catalogue): VersionState {
  if (liveCollections > 0) return 'collected';
  if (onlyHere > 0) return 'only_copy';
  return catalogue.datasets.some((each) => each.dataset === dataset && each.version === version) ? 'loaded' : 'unused';
}

export interface DropRequest {
  dataset: string;
  version: number;
  /** Look whether it may be dropped, and touch nothing. */
  dryRun: boolean;
}

/**
 * Removes the tables of a dataset version that nothing needs any more, with its weeks, revisions and stored files, in one transaction.
 * The tables are those of every workspace, so nothing in any of them may need it, whatever the scope. The record of the version itself
 * stays, as old collections refer to it; loading its file again would make new, empty tables.
 * @throws CollectorError not_found, conflict with what still needs it
 */
export async function dropVersion(ctx: UpkeepContext, { dataset, version, dryRun }: DropRequest): Promise<DatasetVersion> {
  const lock = (tx: Tx) => lockFound(tx, ctx, dataset, version);
  if (dryRun) return ctx.store.transaction(async (tx) => unused(await lock(tx)), { signal: ctx.signal });
  const { found } = await decide(ctx, {
    action: 'dataset.dropVersion',
    lock,
    async change(tx, locked) {
      const found = unused(locked);
      const tables = await tablesOf(tx, dataset, version);
      await deleteVersionRecords(tx, dataset, version);
      await dropTables(tx, tables);
      return { found, tables };
    },
    record: ({ weeks, bytes }, { tables }) => ({
      subject: `${dataset} v${version}`,
      details: { tables, weeks, bytes: Number(bytes) },
    }),
    events: () => [],
  });
  return found;
}

async function lockFound(tx: Tx, { catalogue }: UpkeepContext, dataset: string, version: number): Promise<DatasetVersion> {
  await lockVersion(tx, dataset, version);
  const use = (await selectVersions(tx)).find((each) => each.dataset === dataset && each.version === version);
  if (!use) throw nothingThere(dataset, version);
  return { ...use, state: stateOf(use, catalogue) };
}

/** @throws CollectorError conflict with what still needs it */
function unused(found: DatasetVersion): DatasetVersion {
  if (found.state !== 'unused') throw needed(found);
  return found;
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
