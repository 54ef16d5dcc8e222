import { z } from 'zod';
import { ianaTimeZone } from './time-zone.ts';

/** How single values are written. Ids are decimal strings, since JavaScript's numbers end before PostgreSQL's do. */
export const id = z.string().regex(/^\d{1,18}$/, 'must be a numeric id');
/** yyyy-mm-dd. */
export const isoDate = z.iso.date();
/** ISO 8601, UTC. */
export const instant = z.iso.datetime();
/** An exact number as text: money in currency units, sums of counts. */
export const decimal = z.string().regex(/^-?\d+(\.\d+)?$/);

/** In a query string, where every value is text. */
export const wholeNumber = z.coerce.number<number>().int();
/** Where a page of a list by time begins. */
export const cursor = z.string().regex(/^\d{1,17}-\d{1,18}$/, 'must be a nextCursor of this list');

/** A zone's IANA name. */
export const zoneName = z
  .string()
  .max(64)
  .refine((zone) => ianaTimeZone(zone) !== null, 'must be an IANA time zone such as Europe/Berlin, or UTC');
