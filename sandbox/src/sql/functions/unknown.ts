import { invalid, type SqlRejected } from '../rejection.ts';

/** Calcite's words for a function that nobody has. */
export const unknownFunction = (name: string, place: string): SqlRejected =>
  invalid(`${place}: No match found for function signature ${name.toUpperCase()}`);
