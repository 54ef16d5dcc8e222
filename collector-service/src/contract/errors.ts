import { AMAZON } from './errors/amazon.ts';
import { ASKING } from './errors/asking.ts';
import type { ErrorEntry } from './errors/entry.ts';
import { RESULTS } from './errors/results.ts';
import { STARTING } from './errors/starting.ts';

/** The parts of docs/troubleshooting.md, whose tables `npm run docs` makes of them. */
export const ERROR_PARTS = { starting: STARTING, amazon: AMAZON, results: RESULTS, asking: ASKING } as const;

/** Every code this service can answer with, and what is known of it. */
export const ERRORS = { ...STARTING, ...AMAZON, ...RESULTS, ...ASKING } as const satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof ERRORS;
