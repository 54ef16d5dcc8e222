import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Dataset } from '../../catalogue/dataset.ts';
import type { ScannedPart } from '../../resultfile/spool.ts';

export interface MergeInput {
  dataset: Dataset;
  /** instances.id */
  instanceId: string;
  /** Monday of the week, in the instance's zone. */
  week: IsoDate;
  /** week_runs.id of the run whose result this is, and the fence this worker holds it with. */
  runId: string;
  fence: string;
  /** Every part of the result, in Amazon's order. */
  parts: readonly ScannedPart[];
  /** A person looked at a held result and takes it as it is: quality rules only note what they find, every other check stays. */
  overrule?: boolean;
  /** The parts come from result_files, where they are kept under this run's id already. */
  stored?: boolean;
  /** The calendar's time, by which a week is final or not; without it no rule asks. */
  now?: Date;
}

/** Sums of every additive metric, as exact decimals. Money in datasets with a currency is an object by currency: two are never added. */
export type Totals = Record<string, string | Record<string, string>>;

export interface StagedWeek {
  rows: number;
  /** Sum over rows of a 64-bit hash: independent of their order. */
  checksum: string;
  totals: Totals;
}

/** What accepting a result would do to the week that is served. */
export interface WeekChange {
  rowsBefore: number;
  rowsTotal: number;
  rowsAdded: number;
  rowsChanged: number;
  rowsVanished: number;
  totalsBefore: Totals;
  totalsAfter: Totals;
}
