import { Gauge, type Registry } from 'prom-client';
import type pg from 'pg';
import { readClocks } from '../../../ground/calendar/clocks.ts';

/**
 * The clocks that buying depends on, read before each scrape. Without an answer of the database the series are absent.
 * @returns reads the clocks into the gauges; never rejects
 */
export function createClockMetrics(registry: Registry, pool: pg.Pool): () => Promise<void> {
  const gauge = (name: string, help: string) => new Gauge({ name: `amc_reports_${name}`, help, registers: [registry] });
  const agree = gauge('clocks_agree', '0 while the clocks contradict each other and nothing is bought');
  const offset = gauge('clock_offset_seconds', 'The clock of this process less that of the database');
  return async () => {
    const clocks = await readClocks(pool).catch(() => null);
    agree.remove();
    offset.remove();
    if (clocks === null) return;
    agree.set(clocks.agree ? 1 : 0);
    offset.set((clocks.machine.getTime() - clocks.database.getTime()) / 1000);
  };
}
