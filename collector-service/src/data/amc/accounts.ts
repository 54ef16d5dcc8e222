import { z } from 'zod';
import { allPages } from './pages.ts';
import type { Transport } from './transport.ts';

const accountSchema = z.object({
  accountId: z.string(),
  accountName: z
    .string()
    .nullish()
    .transform((name) => name ?? ''),
  marketplaceId: z.string(),
});

/** An AMC account the authorised user can see. */
export type AmcAccount = z.output<typeof accountSchema>;

/** The accounts the credentials reach: the one request that needs no account headers. At most 100 a page (reference/amc.md §2). */
export const listAccounts = (transport: Transport, signal: AbortSignal): Promise<AmcAccount[]> =>
  allPages(
    transport,
    {
      what: 'Listing the AMC accounts',
      method: 'GET',
      path: '/amc/accounts',
      query: { limit: undefined },
      property: 'amcAccounts',
      item: accountSchema,
    },
    signal,
  );
