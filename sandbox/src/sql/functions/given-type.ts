import { isArray, isNumber, type SqlType } from '../types.ts';
import type { Call } from './define.ts';

/** The type of the first argument. */
export const same = (call: Call): SqlType | undefined => call.types[0];

/** The same of a number; text counts as a decimal. */
export const sameNumber = (call: Call): SqlType | undefined => (isNumber(call.types[0]) ? call.types[0] : 'DECIMAL');

/** The first argument that is known to be an array of something. */
export const sameArray = (call: Call): SqlType | undefined => call.types.find((type) => isArray(type) && type !== 'ARRAY<>');
