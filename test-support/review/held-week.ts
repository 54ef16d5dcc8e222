import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { campaignFile, createMergeFixture, type FileRow, type MergeFixture, type TestInstance } from '../store/merge-fixture.ts';
import type { ReviewContext } from '@amc-reports/collector-service/product/review/context.ts';
import { testContext } from '../collect/context.ts';
import type { TestDatabase } from '../database.ts';
import { holdRun } from './hold-run.ts';

export interface HeldWeek {
  instance: TestInstance;
  /** Of a person who sees this instance. */
  ctx: ReviewContext;
  collectionId: string;
  week: string;
  runId: string;
}

export interface ReviewFixture extends MergeFixture {
  query<T>(sql: string, ...values: unknown[]): Promise<T[]>;
  /** A new instance whose week is served from one file and has a run held with another. */
  heldWeek(served: FileRow[], held: FileRow[], options?: { acceptable?: boolean }): Promise<HeldWeek>;
  /** Another version is served while the question stays open, as no run of the collection would leave it. */
  serveAnother(held: HeldWeek, rows: FileRow[]): Promise<void>;
  /** Holds a further run of the week. @returns its id */
  hold(at: Pick<HeldWeek, 'instance' | 'week'>, rows: FileRow[], options?: { acceptable?: boolean }): Promise<string>;
}

export const WEEK = '2026-01-05';

/** Held runs as the collecting leaves them, without the collecting: run, objection, difference and kept file. */
export async function createReviewFixture(given?: TestDatabase): Promise<ReviewFixture> {
  const fixture = await createMergeFixture(undefined, given);
  const { store, campaigns, reach } = fixture;
  const query = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await store.pool.query(sql, values)).rows as T[];

  const catalogue = new Catalogue([campaigns, reach]);

  async function hold(
    { instance, week }: Pick<HeldWeek, 'instance' | 'week'>,
    rows: FileRow[],
    options?: { acceptable?: boolean },
  ): Promise<string> {
    const input = await instance.input(week, [await fixture.part(campaignFile(rows))]);
    await holdRun(store, input, options);
    return input.runId;
  }

  return {
    ...fixture,
    query,
    hold,
    async serveAnother({ instance, collectionId, week, runId }, rows) {
      await query(`UPDATE held_runs SET decision = 'kept', decided_at = now() WHERE run_id = $1`, runId);
      await instance.merge(week, campaignFile(rows));
      await query('DELETE FROM week_runs WHERE collection_id = $1 AND id > $2', collectionId, runId);
      await query('UPDATE held_runs SET decision = NULL, decided_at = NULL WHERE run_id = $1', runId);
    },
    async heldWeek(served, held, options) {
      const instance = await fixture.newInstance();
      await instance.merge(WEEK, campaignFile(served));
      const runId = await hold({ instance, week: WEEK }, held, options);
      const [row] = await query<{ collectionId: string; workspaceId: string }>(
        'SELECT id::text AS "collectionId", workspace_id::text AS "workspaceId" FROM report_data_collections WHERE instance_id = $1',
        instance.id,
      );
      const { collectionId, workspaceId } = row!;
      const ctx = {
        ...testContext({ store, catalogue, workspaceId }),
        scope: { workspaceId, instanceIds: [instance.id] },
        spoolDirectory: fixture.directory,
      };
      return { instance, ctx, collectionId, week: WEEK, runId };
    },
  };
}
