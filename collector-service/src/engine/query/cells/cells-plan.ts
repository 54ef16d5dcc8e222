import type { MetricFilter } from '../../../contract/query.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Component, Measure } from './measure.ts';
import type { Question } from '../ask/question.ts';
import type { Part } from '../plan/parts.ts';

/** Which groups come first, and how many stay. */
export interface Ranking {
  /** What is ranked: rows of a table (group and bucket), or groups with all their buckets. */
  byBucket: boolean;
  by: Measure | 'time' | { dimension: string };
  direction: 'asc' | 'desc';
  limit: number;
}

/** A filter on a metric, which the question may ask for or not. */
export interface Having {
  measure: Measure;
  operator: MetricFilter['operator'];
  value: number;
}

/** Everything that decides the statement behind an answer's numbers. */
export interface CellsPlan {
  question: Question;
  components: readonly Component[];
  /** The rows that are added up, and the answer's buckets they belong to. */
  parts: readonly Part[];
  buckets: readonly IsoDate[];
  /** What Amazon hid in groups asked for: after all others, or not at all. */
  rest: 'show' | 'hide';
  /** Cells keep their bucket; false adds them to a total. */
  byBucket: boolean;
  byCurrency: boolean;
  /** Money is ranked and filtered within each of these, the first first; a limit is one for each (docs/adr/0037). As stored. */
  currencies: readonly string[];
  /** Only rows or groups whose metrics pass all of these. */
  having: readonly Having[];
  /** What is beyond the limit is a group too. */
  others: boolean;
  /** Order and cut; null for answers without groups. */
  ranking: Ranking | null;
  /** Only these groups: a comparison stands beside what the ranking left. */
  groups: readonly (readonly string[])[] | null;
}
