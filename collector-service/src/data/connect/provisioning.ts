import { z } from 'zod';
import { HOSTS, REGIONS } from '../amc/regions.ts';
import { MARKETPLACES } from '../../ground/marketplaces.ts';
import { ianaTimeZone } from '../../contract/time-zone.ts';
import { NAME_PATTERN } from '../../contract/query.ts';
import { SCHEDULE_TEMPLATE_NAMES } from '../../contract/schedule-templates.ts';
import { Secret } from '../../ground/secret.ts';

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

/** Also as text, as an environment variable gives it. */
const wholeNumber = (min: number, max: number) =>
  z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,6}$/)
          .transform(Number),
      ],
      { error: 'must be a number' },
    )
    .pipe(z.int('must be a whole number').min(min).max(max));

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
  executionsPerDay: wholeNumber(1, 10_000).optional().describe('Executions per UTC day at most; INSTANCE_EXECUTIONS_PER_DAY when left out'),
});

const collectionSchema = z.strictObject({
  instance: z.string().trim().min(1).describe('amcInstanceId'),
  dataset: z.string().regex(NAME_PATTERN, 'must be the name of a dataset, such as campaign_performance'),
  weeks: wholeNumber(1, 56).default(52).describe('How many complete weeks, counted back from the newest'),
  name: name.optional(),
  schedule: name.optional().describe('Name of the schedule that keeps it up to date; without one it stays as it is'),
});

const scheduleSchema = z
  .strictObject({
    name,
    template: z.enum(SCHEDULE_TEMPLATE_NAMES, { error: `must be one of ${SCHEDULE_TEMPLATE_NAMES.join(', ')}` }).optional(),
    cron: z.string().max(200).optional().describe('Five fields; instead of the template’s'),
    timeZone: z.string().max(100).optional().describe('IANA name; when left out, that of its instances in which a week ends last'),
    restateWeeks: z.int().min(0).max(56).optional().describe('When left out, what the dataset’s attribution asks for'),
    deepRestateWeeks: z.int().min(0).max(56).optional().describe('The same at the first tick of a month'),
    staggerSeconds: z.int().min(0).max(86_400).optional(),
  })
  .refine((schedule) => schedule.template !== undefined || schedule.cron !== undefined, {
    path: ['template'],
    message: 'is missing: give a template, or cron',
  });

export const provisioningSchema = z.strictObject({
  workspace: name
    .optional()
    .describe('Whose connections, instances and collections the file holds; made when missing; WORKSPACE when left out'),
  connections: z.array(connectionSchema).default([]),
  instances: z.array(instanceSchema).default([]),
  datasets: z.array(z.string().min(1)).default([]).describe('Directories with datasets of your own, relative to the file'),
  collections: z.array(collectionSchema).default([]),
  schedules: z.array(scheduleSchema).default([]),
});

export type ProvisioningFile = z.output<typeof provisioningSchema>;
export type Provisioning = Omit<ProvisioningFile, 'workspace'>;
/** All files together, and what belongs to each workspace; null: to the one that the configuration names. */
export type LoadedProvisioning = Provisioning & { readonly workspaces: ReadonlyMap<string | null, Provisioning> };
export type ProvisionedConnection = Provisioning['connections'][number];
export type ProvisionedInstance = Provisioning['instances'][number];
export type ProvisionedCollection = Provisioning['collections'][number];
