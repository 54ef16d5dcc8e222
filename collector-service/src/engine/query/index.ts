/** What other rooms use of this one: ask for numbers, turn them into frames, list the values of a dimension. Its folders are its own. */
export { ask, type Results } from './ask/ask.ts';
export { createQueryCache, type QueryCache } from './ask/cache.ts';
export type { QueryContext, QueryParts } from './ask/context.ts';
export type { QueryScope, ScopedInstance } from './ask/scope.ts';
export { frames } from './frames/frames.ts';
export { responseOf } from './frames/response.ts';
export type * from './result.ts';
export { shownValue } from './values/dimension-value.ts';
export { dimensionValues } from './values/dimension-values.ts';
