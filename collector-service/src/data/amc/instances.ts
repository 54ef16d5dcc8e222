import { z } from 'zod';
import { allPages } from './pages.ts';
import type { AmcAccountRef, AmcInstanceRef, Transport } from './transport.ts';

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);
const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const instanceSchema = z.object({
  instanceId: z.string().min(1),
  instanceName: text,
  /** REQUESTED, SUBMITTED, IN_PROGRESS, COMPLETED, SUCCEEDED (older), FAILED. */
  creationStatus: text,
  customerCanonicalName: text,
  entities: texts,
  /** DISPLAY, SPONSORED_ADS, SAS: which tables the instance has. */
  advertiserTypes: texts,
});

/** An AMC instance as Amazon describes it; it carries neither time zone nor currency. */
export type AmcInstance = z.output<typeof instanceSchema>;

/** Every instance of an account (up to 4,000). */
export const listInstances = (transport: Transport, account: AmcAccountRef, signal: AbortSignal): Promise<AmcInstance[]> =>
  allPages(
    transport,
    { what: 'Listing the AMC instances', method: 'GET', path: '/amc/instances', account, property: 'instances', item: instanceSchema },
    signal,
  );

export const getInstance = (transport: Transport, instance: AmcInstanceRef, signal: AbortSignal): Promise<AmcInstance> =>
  transport.send(
    {
      what: `Reading AMC instance ${instance.instanceId}`,
      method: 'GET',
      path: `/amc/instances/${encodeURIComponent(instance.instanceId)}`,
      account: instance,
      unwrap: 'instance',
      answer: instanceSchema,
    },
    signal,
  );
