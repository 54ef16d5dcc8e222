import type pg from 'pg';

export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

export interface Schedule {
  readonly scheduleId: string;
  readonly workflowId: string;
  readonly aggregationPeriod: 'Daily' | 'Weekly';
  readonly aggregationHourUtc: number;
  readonly aggregationStartDay?: (typeof WEEKDAYS)[number];
  readonly scheduleEnabled: boolean;
  readonly requireSyntheticData?: boolean;
  readonly disableAggregationControls?: boolean;
}

export interface StoredSchedule extends Schedule {
  readonly instanceId: string;
  /** Calendar instant up to which its firings are done. */
  readonly checkedAt: Date;
}

const stored = (row: { instance_id: string; definition: Schedule; checked_at: Date }): StoredSchedule => ({
  ...row.definition,
  instanceId: row.instance_id,
  checkedAt: row.checked_at,
});

export const listSchedules = async (owner: pg.Pool, instanceId?: string): Promise<StoredSchedule[]> =>
  (
    await owner.query<{ instance_id: string; definition: Schedule; checked_at: Date }>(
      'SELECT * FROM sandbox.schedule WHERE $1::text IS NULL OR instance_id = $1 ORDER BY schedule_id',
      [instanceId ?? null],
    )
  ).rows.map(stored);

/** @returns whether it was new */
export const insertSchedule = async (owner: pg.Pool, instanceId: string, schedule: Schedule, now: Date): Promise<boolean> =>
  (
    await owner.query('INSERT INTO sandbox.schedule VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      instanceId,
      schedule.scheduleId,
      JSON.stringify(schedule),
      now,
    ])
  ).rowCount === 1;

/** @returns whether it was there */
export const replaceSchedule = async (owner: pg.Pool, instanceId: string, schedule: Schedule): Promise<boolean> =>
  (
    await owner.query('UPDATE sandbox.schedule SET definition = $3 WHERE instance_id = $1 AND schedule_id = $2', [
      instanceId,
      schedule.scheduleId,
      JSON.stringify(schedule),
    ])
  ).rowCount === 1;

/** @returns whether it was there */
export const deleteSchedule = async (owner: pg.Pool, instanceId: string, scheduleId: string): Promise<boolean> =>
  (await owner.query('DELETE FROM sandbox.schedule WHERE instance_id = $1 AND schedule_id = $2', [instanceId, scheduleId])).rowCount === 1;

/** Moves the mark on; false when another firing was quicker. */
export const markChecked = async (owner: pg.Pool, schedule: StoredSchedule, until: Date): Promise<boolean> =>
  (
    await owner.query('UPDATE sandbox.schedule SET checked_at = $4 WHERE instance_id = $1 AND schedule_id = $2 AND checked_at = $3', [
      schedule.instanceId,
      schedule.scheduleId,
      schedule.checkedAt,
      until,
    ])
  ).rowCount === 1;
