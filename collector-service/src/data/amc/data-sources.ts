import { z } from 'zod';
import { allPages } from './pages.ts';
import { reportingPath } from './reporting-path.ts';
import type { AmcInstanceRef, Transport } from './transport.ts';

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const dataSourceSchema = z.object({
  dataSourceId: z.string(),
  description: text,
  columns: z
    .array(z.object({ name: z.string(), columnType: text, description: text }))
    .nullish()
    .transform((columns) => columns ?? []),
});

/** A table that an instance's SQL may read. */
export type AmcDataSource = z.output<typeof dataSourceSchema>;

export const listDataSources = (transport: Transport, instance: AmcInstanceRef, signal: AbortSignal): Promise<AmcDataSource[]> =>
  allPages(
    transport,
    {
      what: `Listing the data sources of AMC instance ${instance.instanceId}`,
      method: 'GET',
      path: reportingPath(instance, 'dataSources'),
      account: instance,
      property: 'dataSources',
      item: dataSourceSchema,
    },
    signal,
  );
