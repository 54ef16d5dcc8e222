import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { BucketGrain } from '../plan/buckets.ts';
import type { Component, Measure } from './measure.ts';
import type { Question } from '../ask/question.ts';
import type { Source } from '../plan/source.ts';

/** Which groups come first, and how many stay. */
export interface Ranking {
  /** What is ranked: rows of a table (group and bucket), or groups with all their buckets. */
  byBucket: boolean;
  by: Measure | 'time' | { dimension: string };
  direction: 'asc' | 'desc';
  limit: number;
}

/** Everything that decides the statement behind an answer's numbers. */
export interface CellsPlan {
  question: Question;
  measures: readonly Measure[];
  components: readonly Component[];
  source: Source;
  grain: BucketGrain;
  buckets: readonly IsoDate[];
  /** Cells keep their bucket; false adds them to a total. */
  byBucket: boolean;
  byCurrency: boolean;
  /** Order and cut; null for answers without groups. */
  ranking: Ranking | null;
  /** Only these groups: a comparison stands beside what the ranking left. */
  groups: readonly (readonly string[])[] | null;
}
