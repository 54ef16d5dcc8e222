import { resolve } from 'node:path';
import { z } from 'zod';
import { Secret } from './secret.ts';
import { CollectorError } from '../contract/error.ts';
import { ianaTimeZone } from '../contract/time-zone.ts';
import { MARKETPLACES } from './marketplaces.ts';

/**
 * The environment, read once. Every mistake is reported at once, with the variable's name.
 * AMC credentials are not kept here: provisioning reads them where they are used (connect/), this file only checks that they are whole.
 */
const url = (protocols: string[]) =>
  z.url({
    protocol: new RegExp(`^(${protocols.join('|')})$`),
    error: `must be a URL that starts with ${protocols.map((p) => `${p}://`).join(' or ')}`,
  });
const integer = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int('must be a whole number')
    .min(min, `must be at least ${min}`)
    .max(max, `must be at most ${max}`);
const port = integer(0, 65_535);
const blankIsUnset = (env: NodeJS.ProcessEnv) => Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));

const environmentSchema = z.object({
  DATABASE_URL: url(['postgres', 'postgresql']).optional(),
  DATABASE_DIRECT_URL: url(['postgres', 'postgresql']).optional(),
  DATA_DIR: z.string().default('.data'),
  HOST: z.string().default('127.0.0.1'),
  PORT: port.default(8085),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ENCRYPTION_KEY: z.string().optional(),
  WORKSPACE: z.string().min(1).max(100).default('default'),
  COLLECTOR_TOKEN: z.string().min(32, 'must have at least 32 characters').optional(),
  PROVISIONING_DIR: z.string().optional(),
  DATASETS_DIR: z.string().optional(),
  GRAFANA_ISSUER: url(['http', 'https']).optional(),
  GRAFANA_KEYS_URL: url(['http', 'https']).optional(),
  GRAFANA_ORGS: z
    .string()
    .regex(/^\d+(,\d+)*$/, 'must be organisation ids separated by commas, for example 1,2')
    .default('1'),
  GRAFANA_URL: url(['http', 'https']).optional(),
  GRAFANA_SERVICE_ACCOUNT_TOKEN: z.string().optional(),
  AMC_CLIENT_ID: z.string().optional(),
  AMC_CLIENT_SECRET: z.string().optional(),
  AMC_REFRESH_TOKEN: z.string().optional(),
  AMC_REGION: z.enum(['NA', 'EU', 'FE'], { error: 'must be NA, EU or FE' }).optional(),
  AMC_ACCOUNT_ID: z.string().optional(),
  AMC_MARKETPLACE_ID: z
    .enum(Object.keys(MARKETPLACES), {
      error: `must be one of ${Object.entries(MARKETPLACES)
        .map(([id, m]) => `${id} (${m.country})`)
        .join(', ')}`,
    })
    .optional(),
  AMC_INSTANCE_ID: z.string().optional(),
  AMC_TIME_ZONE: z
    .string()
    .refine((zone) => ianaTimeZone(zone) !== null, 'must be an IANA time zone such as America/Los_Angeles')
    .optional(),
  AMC_API_URL: url(['http', 'https']).optional(),
  AMC_TOKEN_URL: url(['http', 'https']).optional(),
  INSTANCE_CONCURRENCY: integer(1, 10).default(8),
  ACCOUNT_CONCURRENCY: integer(1, 200).default(200),
  INSTANCE_EXECUTIONS_PER_DAY: integer(1, 10_000).optional(),
  ACCOUNT_EXECUTIONS_PER_DAY: integer(1, 100_000).optional(),
  KEEP_RESULT_FILES_WEEKS: integer(1, 1_000).optional(),
  KEEP_HELD_FILES_DAYS: integer(1, 3_650).default(30),
  KEEP_RUNS_DAYS: integer(30, 3_650).default(400),
  KEEP_AUDIT_DAYS: integer(30, 36_500).optional(),
  CALENDAR_OFFSET_DAYS: integer(-3650, 3650).default(0),
  TIME_FACTOR: z.coerce.number({ error: 'must be a number' }).positive('must be more than 0').optional(),
  SANDBOX_PORT: port.default(8086),
  SANDBOX_SEED: integer(0, 2_147_483_647).default(20_240_101),
  SANDBOX_FAULTS: z.string().optional(),
});

const NEEDED_FOR_AMAZON = [
  'AMC_CLIENT_ID',
  'AMC_CLIENT_SECRET',
  'AMC_REFRESH_TOKEN',
  'AMC_REGION',
  'AMC_ACCOUNT_ID',
  'AMC_MARKETPLACE_ID',
  'AMC_INSTANCE_ID',
] as const;

export type Config = ReturnType<typeof readConfig>;

/** Reads and checks the environment. Paths are absolute, relative ones resolved against `root`. @throws CollectorError config_invalid */
export function readConfig(env: NodeJS.ProcessEnv, root: string) {
  const parsed = environmentSchema.safeParse(blankIsUnset(env));
  const mistakes = parsed.success ? [] : parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  mistakes.push(...halfGivenCredentials(env));
  if (env.DATABASE_DIRECT_URL?.trim() && !env.DATABASE_URL?.trim())
    mistakes.push('DATABASE_DIRECT_URL: is the way past the pooler that DATABASE_URL names; set that too, or neither');
  if (!parsed.success || mistakes.length > 0) {
    throw new CollectorError(
      'config_invalid',
      `The configuration has ${mistakes.length === 1 ? 'a mistake' : `${mistakes.length} mistakes`}:\n  ${mistakes.join('\n  ')}`,
      { details: { mistakes } },
    );
  }
  const values = parsed.data;
  const sandbox = !env.AMC_CLIENT_ID;
  return {
    root,
    sandbox,
    databaseUrl: values.DATABASE_URL,
    /** Set when DATABASE_URL is that of a pooler in transaction mode. */
    databaseDirectUrl: values.DATABASE_DIRECT_URL,
    dataDir: resolve(root, values.DATA_DIR),
    host: values.HOST,
    port: values.PORT,
    logLevel: values.LOG_LEVEL,
    encryptionKey: values.ENCRYPTION_KEY,
    workspace: values.WORKSPACE,
    collectorToken: values.COLLECTOR_TOKEN,
    provisioningDir: resolve(root, values.PROVISIONING_DIR ?? 'provisioning/amc'),
    datasetsDir: values.DATASETS_DIR === undefined ? undefined : resolve(root, values.DATASETS_DIR),
    grafana: { issuer: values.GRAFANA_ISSUER, keysUrl: values.GRAFANA_KEYS_URL, orgs: values.GRAFANA_ORGS.split(',').map(Number) },
    /** Where this process asks Grafana for teams, and with whose token; see connect/grafana-token.ts. */
    grafanaUrl: values.GRAFANA_URL,
    grafanaServiceAccountToken:
      values.GRAFANA_SERVICE_ACCOUNT_TOKEN === undefined ? undefined : new Secret(values.GRAFANA_SERVICE_ACCOUNT_TOKEN.trim()),
    instanceConcurrency: values.INSTANCE_CONCURRENCY,
    accountConcurrency: values.ACCOUNT_CONCURRENCY,
    /** Executions per UTC day; null: as many as there are slots for. */
    instancePerDay: values.INSTANCE_EXECUTIONS_PER_DAY ?? null,
    accountPerDay: values.ACCOUNT_EXECUTIONS_PER_DAY ?? null,
    /** What the clean-up keeps (upkeep/retention.ts); undefined keeps all. */
    retention: {
      resultFilesWeeks: values.KEEP_RESULT_FILES_WEEKS,
      heldFilesDays: values.KEEP_HELD_FILES_DAYS,
      runsDays: values.KEEP_RUNS_DAYS,
      auditDays: values.KEEP_AUDIT_DAYS,
    },
    calendarOffsetMs: values.CALENDAR_OFFSET_DAYS * 86_400_000,
    /** Scales durations only; the sandbox runs fast unless told otherwise, Amazon runs at its own pace. */
    timeFactor: values.TIME_FACTOR ?? (sandbox ? 600 : 1),
    sandboxPort: values.SANDBOX_PORT,
    sandboxSeed: values.SANDBOX_SEED,
    sandboxFaults: values.SANDBOX_FAULTS,
  };
}

/** All of Amazon's settings or none: half of them would silently collect from the sandbox. */
function halfGivenCredentials(env: NodeJS.ProcessEnv): string[] {
  const missing = NEEDED_FOR_AMAZON.filter((name) => !env[name]?.trim());
  if (missing.length === 0 || missing.length === NEEDED_FOR_AMAZON.length) return [];
  return missing.map(
    (name) => `${name}: is missing. To collect from Amazon set all of ${NEEDED_FOR_AMAZON.join(', ')}; to use the sandbox set none`,
  );
}
