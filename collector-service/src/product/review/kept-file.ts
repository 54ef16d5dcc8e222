import { ESCAPE } from '../../engine/collect/download.ts';
import { spool, type ScannedPart } from '../../data/resultfile/spool.ts';
import { storedFiles } from '../../data/store/merge/result-files.ts';
import { conflict } from './refusals.ts';
import type { Tx } from '../../ground/database.ts';

/** Brings a held run's file back to disk, part by part, scanned like a download. @throws CollectorError conflict when it is kept no longer */
export async function spoolKeptFile(
  tx: Tx,
  { instanceId, runId }: { instanceId: string; runId: string },
  directory: string,
  signal: AbortSignal,
): Promise<ScannedPart[]> {
  const files = await storedFiles(tx, instanceId, runId);
  if (files.length === 0) throw conflict(`The file of run ${runId} is kept no longer. Run the week again to get a new one.`);
  const parts: ScannedPart[] = [];
  for (const file of files)
    parts.push(await spool(file.open(), { directory, name: `part-${file.part + 1}.csv` }, { escape: ESCAPE }, signal));
  return parts;
}
