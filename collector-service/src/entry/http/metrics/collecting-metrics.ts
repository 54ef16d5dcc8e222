import { Gauge, type Registry } from 'prom-client';
import type pg from 'pg';
import type { Clock } from '../../../ground/calendar/clock.ts';
import { ageingWarnings } from '../../../engine/collect/ageing.ts';
import { readCollectingState } from './collecting-state.ts';

/**
 * What the collecting does, read from the tables before each scrape: true for all processes together and after a restart.
 * When the database is away the series are absent (and amc_reports_database_up is 0), instead of showing old numbers.
 * @returns reads the tables into the gauges; never rejects
 */
export function createCollectingMetrics(registry: Registry, pool: pg.Pool, clock: Clock): () => Promise<void> {
  const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
    new Gauge<L>({ name: `amc_reports_${name}`, help, labelNames, registers: [registry] });
  const up = gauge('database_up', '1 when the database answers');
  const weekRuns = gauge('week_runs', 'Week runs by state', ['state']);
  const slots = gauge('slots_in_use', 'Executions in flight, by kind of limit', ['kind']);
  const slotLimit = gauge('slots', 'Executions allowed in flight, by kind of limit', ['kind']);
  const executions = gauge('executions_created', 'Executions bought for the week runs that are on record');
  const retries = gauge('executions_wasted', 'Executions that came to nothing, so that their week was tried again or failed');
  const findings = gauge(
    'quality_findings',
    'By quality rule: runs held for a person or accepted with a note, and served weeks that are doubtful',
    ['rule', 'outcome'],
  );
  const age = gauge('collection_data_age_seconds', 'Time since the newest week of a collection was collected', [
    'collection',
    'dataset',
    'instance',
  ]);

  const stopped = gauge('collections_stopped', 'Collections that Amazon made stop, by error code; heals: whether they are probed', [
    'code',
    'heals',
  ]);
  const refused = gauge('collections_refused', 'Running collections that Amazon refuses something, by error code', ['code']);
  const ageing = gauge('weeks_ageing_out', 'Weeks in line that Amazon will no longer have when their turn comes', ['collection']);
  const today = gauge('executions_today', 'Executions created this UTC day by the busiest instance and account', ['kind']);

  return async () => {
    for (const each of [weekRuns, slots, slotLimit, executions, retries, findings, age, stopped, refused, ageing, today]) each.reset();
    const read = await Promise.all([readCollectingState(pool), ageingWarnings(pool, clock, null)]).catch(() => null);
    up.set(read === null ? 0 : 1);
    if (read === null) return;
    const [state, warnings] = read;
    for (const { state: name, runs } of state.weekRuns) weekRuns.set({ state: name }, runs);
    for (const { kind, used, total } of state.slots) {
      slots.set({ kind }, used);
      slotLimit.set({ kind }, total);
    }
    executions.set(state.executions);
    retries.set(state.wasted);
    for (const { rule, outcome, runs } of state.findings) findings.set({ rule, outcome }, runs);
    for (const { state: name, code, heals, collections } of state.refused)
      if (name === 'stopped') stopped.set({ code, heals: String(heals) }, collections);
      else refused.set({ code }, collections);
    for (const { seconds, ...labels } of state.ages) age.set(labels, seconds);
    for (const [collection, { weeks }] of warnings) ageing.set({ collection }, weeks.length);
    for (const { kind, used } of state.today) today.set({ kind }, used);
  };
}
