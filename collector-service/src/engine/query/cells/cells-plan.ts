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
  /** Money is ranked within each of these, the first first; a limit is one for each (docs/adr/0037). As stored. */
  currencies: readonly string[];
}

/** Everything that decides the statement behind an answer's numbers. */
export interface CellsPlan {
  question: Question;
  measures: readonly Measure[];
  components: readonly Component[];
  /** The rows that are added up, and the answer's buckets they belong to. */
  parts: readonly Part[];
  buckets: readonly IsoDate[];
  /** What Amazon hid in groups asked for: after all others, or not at all. */
  rest: 'show' | 'hide';
  /** Cells keep their bucket; false adds them to a total. */
  byBucket: boolean;
  byCurrency: boolean;
  /** Order and cut; null for answers without groups. */
  ranking: Ranking | null;
  /** Only these groups: a comparison stands beside what the ranking left. */
  groups: readonly (readonly string[])[] | null;
}
