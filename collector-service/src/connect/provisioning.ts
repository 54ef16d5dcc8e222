import { z } from 'zod';
import { HOSTS, REGIONS } from '../amc/regions.ts';
import { MARKETPLACES } from '../catalogue/marketplaces.ts';
import { ianaTimeZone } from '../catalogue/time-zone.ts';
import { NAME_PATTERN } from '../contract/query.ts';
import { Secret } from './secret.ts';

/** The form of a file in provisioning/amc: which credentials, instances, datasets and collections there are. docs/datasets.md and the README explain it. */
const name = z.string().trim().min(1).max(100);
const secret = z.instanceof(Secret, { error: 'must be a reference such as ${AMC_CLIENT_SECRET}' });
const url = z
  .url({ protocol: /^https?$/, error: 'must be a URL that starts with https:// or http://' })
  .refine(
    (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
    'must hold no user or password',
  );
const marketplaces = Object.entries(MARKETPLACES).map(([id, { country }]) => `${id} (${country})`);

const connectionSchema = z
  .strictObject({
    name,
    region: z
      .enum(REGIONS, { error: `must be one of ${REGIONS.join(', ')}` })
      .optional()
      .describe("Amazon's region, for the hosts"),
    apiUrl: url.optional().describe("Instead of the region's API"),
    tokenUrl: url.optional().describe("Instead of the region's token service"),
    clientId: z.string().trim().min(1),
    clientSecret: secret,
    refreshToken: secret,
  })
  .refine((connection) => connection.region !== undefined || (connection.apiUrl !== undefined && connection.tokenUrl !== undefined), {
    path: ['region'],
    message: 'is missing: give a region, or apiUrl and tokenUrl',
  })
  .transform(({ region, apiUrl, tokenUrl, ...rest }) => ({
    ...rest,
    apiUrl: apiUrl ?? HOSTS[region!].apiUrl,
    tokenUrl: tokenUrl ?? HOSTS[region!].tokenUrl,
  }));

const instanceSchema = z.strictObject({
  amcInstanceId: z.string().trim().min(1).max(100),
  connection: name,
  account: z.string().trim().min(1).describe('AMC account id (ENTITY…)'),
  marketplace: z.enum(Object.keys(MARKETPLACES), { error: `must be one of ${marketplaces.join(', ')}` }),
  name: name.optional().describe("Shown to people; Amazon's name when left out"),
  timeZone: z
    .string()
    .refine((zone) => ianaTimeZone(zone) !== null, 'must be an IANA time zone such as America/Los_Angeles')
    .transform((zone) => ianaTimeZone(zone)!)
    .optional()
    .describe("In which days and weeks are made; the marketplace's when left out"),
});

const weeks = z
  .union(
    [
      z.number(),
      z
        .string()
        .regex(/^\d{1,3}$/)
        .transform(Number),
    ],
    { error: 'must be a number' },
  )
  .pipe(z.int('must be a whole number').min(1).max(56));

const collectionSchema = z.strictObject({
  instance: z.string().trim().min(1).describe('amcInstanceId'),
  dataset: z.string().regex(NAME_PATTERN, 'must be the name of a dataset, such as campaign_performance'),
  weeks: weeks.default(52).describe('How many complete weeks, counted back from the newest'),
  name: name.optional(),
});

export const provisioningSchema = z.strictObject({
  connections: z.array(connectionSchema).default([]),
  instances: z.array(instanceSchema).default([]),
  datasets: z.array(z.string().min(1)).default([]).describe('Directories with datasets of your own, relative to the file'),
  collections: z.array(collectionSchema).default([]),
});

export type Provisioning = z.output<typeof provisioningSchema>;
export type ProvisionedConnection = Provisioning['connections'][number];
export type ProvisionedInstance = Provisioning['instances'][number];
export type ProvisionedCollection = Provisioning['collections'][number];
