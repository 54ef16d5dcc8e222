import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDatasets, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { spool } from '@amc-reports/collector-service/data/resultfile/spool.ts';
import { holdRun } from '../review/hold-run.ts';
import type { MergeInput } from '@amc-reports/collector-service/data/store/merge/input.ts';
import { mergeWeek } from '@amc-reports/collector-service/data/store/merge/merge-week.ts';
import { levelFile } from '../store/level-file.ts';
import type { FileRow } from '../store/merge-fixture.ts';
import type { World } from './world.ts';

/** Serves a week of a collection of campaign_performance from one file and holds a further run with another. @returns its id */
export async function serveAndHold(
  { store }: Pick<World, 'store'>,
  { collectionId, instanceId, week }: { collectionId: string; instanceId: string; week: string },
  served: FileRow[],
  held: FileRow[],
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'amc-reports-held-'));
  const dataset = (await loadDatasets([SHIPPED_DATASETS])).find((each) => each.dataset === 'campaign_performance')!;
  const input = async (rows: FileRow[], state: string): Promise<MergeInput> => {
    await store.pool.query(`DELETE FROM week_runs WHERE collection_id = $1 AND week = $2 AND state = 'planned'`, [collectionId, week]);
    const inserted = await store.pool.query<{ id: string }>(
      'INSERT INTO week_runs (collection_id, instance_id, week, state, fence) VALUES ($1, $2, $3, $4, 1) RETURNING id::text',
      [collectionId, instanceId, week, state],
    );
    const runId = inserted.rows[0]!.id;
    const text = async function* () {
      yield Buffer.from(
        levelFile(
          dataset,
          rows.map((row) => ({ event_date: week, ...row })),
        ),
      );
    };
    const part = await spool(text(), { directory, name: `${runId}.csv` }, {}, new AbortController().signal);
    return { dataset, instanceId, week, runId, fence: '1', parts: [part] };
  };
  try {
    const first = await input(served, 'done');
    await store.transaction((tx) => mergeWeek(tx, first));
    const second = await input(held, 'held');
    await holdRun(store, second);
    return second.runId;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
