import type { Pool, PoolClient } from 'pg';
import { CollectorError } from '../../contract/error.ts';

/**
 * Whether the clocks may be believed. What is bought depends on three times: the machine's (which weeks are complete), the database's
 * (what is due) and the newest that the database has shown before. One that jumps would buy a year again, so while they contradict
 * each other nothing is bought and no schedule ticks; everything else goes on.
 */

/** So far apart they may be: harmless for weeks, and more than any drift. */
const APART_MS = 3_600_000;
const APART = `interval '${APART_MS} ms'`;
/** So long may the collector have stood still: more is taken for a clock that jumped until a person says that it is right. */
const STOOD_STILL = "interval '35 days'";

/** The machine's own clock. It is compared with the database's and used for nothing else: the calendar's now comes with the context. */
export const machineNow = (): Date => new Date(Date.now());

/** SQL condition; `machine` is the parameter with machineNow(). */
export const clocksAgree = (machine: string): string =>
  `EXISTS (SELECT FROM clock_seen k WHERE ${machine}::timestamptz BETWEEN now() - ${APART} AND now() + ${APART}
     AND now() BETWEEN k.seen_at - ${APART} AND k.seen_at + ${STOOD_STILL})`;

export interface Clocks {
  agree: boolean;
  database: Date;
  machine: Date;
  /** The newest time that the database has shown while it was believed. */
  seen: Date;
}

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 5_000 };

export async function readClocks(db: Pool | PoolClient): Promise<Clocks> {
  const machine = machineNow();
  const { rows } = await db.query<Omit<Clocks, 'machine'>>({
    text: `SELECT ${clocksAgree('$1')} AS agree, now() AS database, seen_at AS seen FROM clock_seen`,
    values: [machine],
    ...DEADLINE,
  });
  return { ...rows[0]!, machine };
}

/** What contradicts what, and what to do; null when all is well. */
export function clockTrouble({ agree, database, machine, seen }: Clocks): string | null {
  if (agree) return null;
  const times = `the database shows ${utc(database)}, this machine ${utc(machine)}, and the newest time seen before is ${utc(seen)}`;
  const cure = apart({ database, machine })
    ? 'Set the clocks right (NTP); it goes on by itself when they agree.'
    : 'It goes on by itself when the clock is right again; if it is right now, say so: collector clock confirm.';
  return `The clocks contradict each other, so nothing is bought and no schedule ticks: ${times}. ${cure}`;
}

/** @throws CollectorError clocks_disagree: what is planned by a wrong clock would be bought by a right one */
export async function requireClocks(db: Pool | PoolClient): Promise<void> {
  const trouble = clockTrouble(await readClocks(db));
  if (trouble !== null) throw new CollectorError('clocks_disagree', trouble);
}

/** A person cannot say which of two clocks is right: they have to be set. @throws CollectorError clocks_disagree */
export function requireAgreement(clocks: Clocks): void {
  if (apart(clocks)) throw new CollectorError('clocks_disagree', clockTrouble(clocks)!);
}

const apart = ({ database, machine }: Pick<Clocks, 'database' | 'machine'>): boolean =>
  Math.abs(machine.getTime() - database.getTime()) > APART_MS;

const utc = (instant: Date): string => `${instant.toISOString().slice(0, 16)}Z`;

/** The database's time is the newest seen, if it is believed. */
export async function noteTime(db: Pool | PoolClient): Promise<void> {
  await db.query(`UPDATE clock_seen SET seen_at = now() WHERE seen_at < now() AND ${clocksAgree('$1')}`, [machineNow()]);
}

/** A person says that the database's time is right, whatever was seen before. @returns that time */
export async function confirmTime(tx: PoolClient): Promise<Date> {
  const { rows } = await tx.query<{ seen: Date }>('UPDATE clock_seen SET seen_at = now() RETURNING seen_at AS seen');
  return rows[0]!.seen;
}
