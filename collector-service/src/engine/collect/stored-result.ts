import { CollectorError } from '../../contract/error.ts';
import { storedFiles } from '../../data/store/merge/result-files.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { CollectDeps } from './deps.ts';
import { ESCAPE, removeLeftovers, spoolFolder, spoolInto, type SpooledResult } from './download.ts';
import type { ClaimedRun } from './run.ts';

/**
 * Brings a held run's result back to disk from where it is kept, once a person accepted it: Amazon is not asked again. The files stay
 * in the database under the run's id, so a crash costs nothing.
 * @throws CollectorError not_found when they are not kept any more
 */
export async function readStored(deps: CollectDeps, run: ClaimedRun, signal: AbortSignal): Promise<SpooledResult> {
  await removeLeftovers(deps.spoolDirectory, run);
  const directory = spoolFolder(deps.spoolDirectory, run);
  return deps.store.transaction(
    async (tx) => {
      const stored = await storedFiles(tx, run.instanceId, run.id);
      if (stored.length === 0) throw notKept(run);
      const result: SpooledResult = { parts: [], files: [], fault: undefined };
      for (const { part, open } of stored)
        await spoolInto(result, open(), { directory, name: `${run.week}-part-${part + 1}.csv` }, { escape: ESCAPE }, signal);
      crashPoint('accept.afterRead');
      return result;
    },
    { signal },
  );
}

const notKept = ({ week }: ClaimedRun): CollectorError =>
  new CollectorError('not_found', `The held result of week ${week} is not kept any more. Run the week again to get a new one from Amazon.`);
