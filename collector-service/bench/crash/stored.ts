import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { Dataset } from '../../src/data/catalogue/dataset.ts';
import { factTable } from '../../src/data/catalogue/tables.ts';
import { storedFiles } from '../../src/data/store/merge/result-files.ts';
import { rebuild } from '../../src/product/upkeep/rebuild.ts';
import { upkeepContext } from '@amc-reports/test-support/upkeep/context.ts';
import type { World } from './world.ts';

const CHECK_DEADLINE_MS = 600_000;

interface Record {
  run_id: string;
  week: string;
  rows: string;
  served: string;
  data_version: string;
  changes: string;
  file_sha256: string;
}

/**
 * Weeks that are not what merging their stored files again gives, to the bit: rows, roll-ups, count and the checksum, whose formula is
 * the product's own business. What the rows should be is truth.ts's question.
 */
export async function mergedDifferently(world: World): Promise<object[]> {
  const ctx = upkeepContext(world, { actor: 'crash', spoolDirectory: world.folder, signal: AbortSignal.timeout(CHECK_DEADLINE_MS) });
  const checked = await rebuild(ctx, { verify: true });
  return checked.filter(({ outcome }) => outcome !== 'same').map(({ week, outcome, note }) => ({ run_id: week.runId, outcome, note }));
}

/** Weeks whose record disagrees with their rows, their revisions, their run or the stored file's bytes. */
export async function storedWrongly(world: World, instanceId: string, dataset: Dataset): Promise<object[]> {
  const { rows } = await world.store.pool.query<Record>(
    `SELECT w.week::text, w.accepted_run_id AS run_id, w.row_count::text AS rows, w.data_version::text, w.file_sha256,
       (SELECT count(*) FROM ${factTable(dataset)} f WHERE f.instance_id = w.instance_id AND f.week = w.week)::text AS served,
       (SELECT count(*) FROM week_revisions v WHERE v.instance_id = w.instance_id AND v.dataset = w.dataset AND v.week = w.week)::text AS changes
     FROM report_data_weeks w WHERE w.instance_id = $1 AND w.dataset = $2 AND w.data_version > 0`,
    [instanceId, dataset.dataset],
  );
  const wrong: object[] = [];
  for (const row of rows) {
    const files = await world.store.transaction(async (tx) => {
      const texts: string[] = [];
      for (const file of await storedFiles(tx, instanceId, row.run_id)) texts.push(await text(file.open()));
      return texts;
    });
    const sha256 = files.length === 1 ? createHash('sha256').update(files[0]!).digest('hex') : `${files.length} files`;
    // Every accepted result leaves a revision, the first included.
    const versions = row.changes === row.data_version;
    if (row.rows !== row.served || !versions || sha256 !== row.file_sha256) wrong.push({ ...row, sha256 });
  }
  return wrong;
}
