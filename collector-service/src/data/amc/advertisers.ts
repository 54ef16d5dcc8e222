import { z } from 'zod';
import { allPages } from './pages.ts';
import type { AmcInstanceRef, Transport } from './transport.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const advertiserSchema = z.object({
  id: z.union([z.string(), z.number().transform(String)]),
  name: text,
  /** DISPLAY, SPONSORED_ADS or SAS. */
  type: text,
  marketplaceId: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
});

/** An advertiser whose events an instance holds. Its marketplace decides its currency and its own time zone. */
export type AmcAdvertiser = z.output<typeof advertiserSchema>;

export const listAdvertisers = (transport: Transport, instance: AmcInstanceRef, signal: AbortSignal): Promise<AmcAdvertiser[]> =>
  allPages(
    transport,
    {
      what: `Listing the advertisers of AMC instance ${instance.instanceId}`,
      method: 'GET',
      path: `/amc/instances/${encodeURIComponent(instance.instanceId)}/advertisers`,
      account: instance,
      property: 'advertisers',
      item: advertiserSchema,
    },
    signal,
  );
