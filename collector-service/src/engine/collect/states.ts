import type { COLLECTION_STATES } from '../../contract/collections.ts';
import type { WEEK_STATES } from '../../contract/weeks.ts';

export type WeekState = (typeof WEEK_STATES)[number];
/** As stored; 'complete' and 'incomplete' are what a person sees when nothing is left to do. */
export type CollectionState = Exclude<(typeof COLLECTION_STATES)[number], 'complete' | 'incomplete'>;

/** A run that still has something to do; a week has at most one (unique index week_runs_one_open). */
export const OPEN_STATES = ['planned', 'creating', 'running', 'downloading', 'merging'] as const satisfies WeekState[];
