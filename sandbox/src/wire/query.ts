import { isLocalTime, isTimeZone } from '../execution/local-time.ts';
import { badRequest } from './amc-error.ts';
import { asBoolean } from './body.ts';

/** The value of a query parameter that may be given once. */
export const first = (value: unknown): string | undefined => {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === 'string' && one !== '' ? one : undefined;
};

export const flag = (value: unknown, name: string): boolean => asBoolean(first(value), name) ?? false;

/** yyyy-MM-dd'T'HH:mm:ss; a trailing Z is let pass, as Amazon's notebook sends it. */
export function queryTime(value: unknown, name: string): string | undefined {
  const text = first(value)?.replace(/Z$/, '');
  if (text === undefined) return undefined;
  if (!isLocalTime(text)) throw badRequest(`Invalid ${name} '${text}'. The format is yyyy-MM-dd'T'HH:mm:ss.`);
  return text;
}

/** @returns UTC where none is named */
export function queryTimeZone(value: unknown): string {
  const zone = first(value) ?? 'UTC';
  if (!isTimeZone(zone)) throw badRequest(`Invalid timeZone '${zone}'.`);
  return zone;
}
