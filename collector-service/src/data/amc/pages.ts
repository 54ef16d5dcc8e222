import { z } from 'zod';
import { CollectorError } from '../../contract/error.ts';
import type { AmcRequest, Transport } from './transport.ts';

/** Amazon's largest page everywhere (reference/amc.md §2, §3). */
const PAGE_SIZE = '100';
/** 4,000 instances are the most an account has; a list beyond this many pages is a loop. */
const MAX_PAGES = 1000;

const nextToken = z.string().nullish();

/**
 * Reads a list page by page to its end. The last page's token may be a null, an empty string or absent.
 * @throws CollectorError amc_bad_answer when the pages go round in a circle
 */
export async function allPages<T>(
  transport: Transport,
  amcRequest: Omit<AmcRequest<never>, 'answer'> & { property: string; item: z.ZodType<T> },
  signal: AbortSignal,
): Promise<T[]> {
  const { property, item, ...rest } = amcRequest;
  // Amazon leaves out what is empty, so {} is an empty list; an object with anything else in it is some other answer.
  const answer = z
    .looseObject({ [property]: z.array(item).nullish(), nextToken })
    .refine((page) => property in page || Object.keys(page).every((key) => key === 'nextToken'), {
      path: [property],
      message: 'is missing',
    });
  const items: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const page = await transport.send({ ...rest, query: { limit: PAGE_SIZE, ...rest.query, nextToken: token }, answer }, signal);
    items.push(...(((page as Record<string, unknown>)[property] as T[] | null | undefined) ?? []));
    token = (page.nextToken as string | null | undefined) || undefined;
    if (token !== undefined && (seen.has(token) || seen.size >= MAX_PAGES)) {
      throw new CollectorError('amc_bad_answer', `${rest.what} never ends: Amazon gives the same page again.`, { details: { sent: true } });
    }
    if (token !== undefined) seen.add(token);
  } while (token !== undefined);
  return items;
}
