import type { Store } from '@amc-reports/collector-service/data/store/store.ts';
import { compareWithStored } from '@amc-reports/collector-service/data/store/merge/compare.ts';
import { holdWeek } from '@amc-reports/collector-service/data/store/merge/hold.ts';
import type { MergeInput } from '@amc-reports/collector-service/data/store/merge/input.ts';
import { prepareSession } from '@amc-reports/collector-service/data/store/merge/merge-week.ts';
import { collectMonthPieces } from '@amc-reports/collector-service/data/store/merge/pieces.ts';
import { stage } from '@amc-reports/collector-service/data/store/merge/stage.ts';
import { summarise } from '@amc-reports/collector-service/data/store/merge/summary.ts';

/** Holds a run with its result, whatever that says: run, objection, difference and kept file, as the collecting leaves them. */
export const holdRun = (store: Store, input: MergeInput, { acceptable = true } = {}): Promise<void> =>
  store.transaction(async (tx) => {
    await tx.query(
      `UPDATE week_runs SET state = 'held', error_code = 'result_value', error_message = 'odd', error_at = now() WHERE id = $1`,
      [input.runId],
    );
    await prepareSession(tx);
    await stage(tx, input);
    await collectMonthPieces(tx, input);
    const staged = await summarise(tx, input);
    const { rows } = await tx.query<{ version: string; rows: number }>(
      `SELECT coalesce(max(data_version), 0)::text AS version, coalesce(max(row_count), 0)::int AS rows FROM report_data_weeks
        WHERE instance_id = $1 AND dataset = $2 AND week = $3`,
      [input.instanceId, input.dataset.dataset, input.week],
    );
    const { version, rows: rowsBefore } = rows[0]!;
    const change = await compareWithStored(tx, input, staged, rowsBefore);
    const objections = [{ rule: 'lost_total' as const, message: 'Spend fell to 0.' }];
    await holdWeek(tx, input, { objections, acceptable, change: acceptable ? change : null, servedVersion: version }, input.parts);
  });
