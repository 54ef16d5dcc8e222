import type pg from 'pg';
import { ISO_CALENDAR, type ReportingCalendar } from '../../ground/calendar/reporting-calendar.ts';

/** The weeks and months that people of a workspace report in. */
export async function workspaceCalendar(db: pg.Pool | pg.PoolClient, id: string): Promise<ReportingCalendar> {
  const { rows } = await db.query<{ calendar: ReportingCalendar | null }>('SELECT calendar FROM workspaces WHERE id = $1', [id]);
  return rows[0]?.calendar ?? ISO_CALENDAR;
}

/** Sets them; what was collected is not touched, since weeks and months are made of days when somebody asks. */
export const setWorkspaceCalendar = (db: pg.Pool | pg.PoolClient, id: string, calendar: ReportingCalendar): Promise<unknown> =>
  db.query('UPDATE workspaces SET calendar = $2, updated_at = now() WHERE id = $1', [id, JSON.stringify(calendar)]);
