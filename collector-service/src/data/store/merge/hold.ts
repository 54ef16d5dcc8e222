import type pg from 'pg';
import { lockFence } from './fence.ts';
import type { MergeInput } from './input.ts';
import type { Refusal } from './refusal.ts';
import { compressParts, dropStoredFiles, type StoredPart } from './result-files.ts';

/** Of which run and week; the dataset may be one whose file could not be read at all. */
export type HeldInput = Pick<MergeInput, 'dataset' | 'instanceId' | 'week' | 'runId' | 'fence' | 'stored'>;

/**
 * Keeps a refused result for a person: its objections, what it would change, and its files. What is served stays as it was. A held
 * run of the week that nobody decided about gives way: there is one question to a person per week, and it is about the newest result.
 * In the caller's transaction, in which the run's own state changes too.
 * @throws CollectorError lost_fence
 */
export async function holdWeek(tx: pg.PoolClient, input: HeldInput, refusal: Refusal, files: readonly StoredPart[]): Promise<void> {
  await lockFence(tx, input);
  await supersedeHeldRuns(tx, input, 'A later result of the week is held instead.');
  await insertHeldRun(tx, input, refusal);
  if (input.stored) return;
  const compressed = compressParts(files);
  try {
    await compressed.store(tx, input);
  } finally {
    compressed.stop();
  }
}

/** Held runs of the week that wait for a person are overtaken by this run; their files, and the rows shown of them, go with the question. */
export async function supersedeHeldRuns(tx: pg.PoolClient, input: HeldInput, reason: string): Promise<void> {
  const { rows } = await tx.query<{ runId: string }>(
    `WITH superseded AS (
       UPDATE held_runs SET decision = 'superseded', decided_by = 'collector', decided_at = now(), decision_reason = $6
        WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week = $4 AND run_id <> $5 AND decision IS NULL
        RETURNING run_id
     ), gone AS (DELETE FROM held_differences WHERE run_id IN (SELECT run_id FROM superseded))
     SELECT run_id::text AS "runId" FROM superseded`,
    [input.instanceId, input.dataset.dataset, input.dataset.version, input.week, input.runId, reason],
  );
  for (const { runId } of rows) await dropStoredFiles(tx, input.instanceId, runId);
}

/** A run that is held a second time, after a person accepted it, asks again with what is known now. */
const insertHeldRun = (tx: pg.PoolClient, { runId, instanceId, dataset, week }: HeldInput, refusal: Refusal) =>
  tx.query(
    `INSERT INTO held_runs (run_id, workspace_id, instance_id, dataset, dataset_version, week, objections, acceptable, change, served_version)
     SELECT $1, i.workspace_id, $2, $3, $4, $5, $6, $7, $8, $9 FROM instances i WHERE i.id = $2
     ON CONFLICT (run_id) DO UPDATE
       SET held_at = now(), objections = EXCLUDED.objections, acceptable = EXCLUDED.acceptable, change = EXCLUDED.change,
           served_version = EXCLUDED.served_version, decision = NULL, decided_by = NULL, decided_at = NULL, decision_reason = NULL`,
    [
      runId,
      instanceId,
      dataset.dataset,
      dataset.version,
      week,
      JSON.stringify(refusal.objections),
      refusal.acceptable,
      refusal.change && JSON.stringify(refusal.change),
      refusal.servedVersion,
    ],
  );
