import { Gauge, type Registry } from 'prom-client';
import type pg from 'pg';
import { readCollectingState } from './collecting-state.ts';

/**
 * What the collecting does, read from the tables before each scrape: true for all processes together and after a restart.
 * When the database is away the series are absent (and amc_reports_database_up is 0), instead of showing old numbers.
 * @returns reads the tables into the gauges; never rejects
 */
export function createCollectingMetrics(registry: Registry, pool: pg.Pool): () => Promise<void> {
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name: `amc_reports_${name}`, help, labelNames, registers: [registry] });
  const up = gauge('database_up', '1 when the database answers');
  const weekRuns = gauge('week_runs', 'Week runs by state', ['state']);
  const slots = gauge('slots_in_use', 'Executions in flight, by kind of limit', ['kind']);
  const slotLimit = gauge('slots', 'Executions allowed in flight, by kind of limit', ['kind']);
  const executions = gauge('executions_created', 'Executions bought for the week runs that are on record');
  const retries = gauge('executions_wasted', 'Executions that came to nothing, so that their week was tried again or failed');
  const age = gauge('collection_data_age_seconds', 'Time since the newest week of a collection was collected', [
    'collection',
    'dataset',
    'instance',
  ]);

  return async () => {
    for (const each of [weekRuns, slots, slotLimit, executions, retries, age]) each.reset();
    const state = await readCollectingState(pool).catch(() => null);
    up.set(state === null ? 0 : 1);
    if (state === null) return;
    for (const { state: name, runs } of state.weekRuns) weekRuns.set({ state: name }, runs);
    for (const { kind, used, total } of state.slots) {
      slots.set({ kind }, used);
      slotLimit.set({ kind }, total);
    }
    executions.set(state.executions);
    retries.set(state.wasted);
    for (const { seconds, ...labels } of state.ages) age.set(labels, seconds);
  };
}
