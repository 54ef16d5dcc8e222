import { join } from 'node:path';
import type { Logger } from 'pino';
import { offsetClock } from '../../ground/calendar/clock.ts';
import type { Config } from '../../ground/config.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Lifecycle } from '../../ground/lifecycle.ts';
import {
  SANDBOX_ACCOUNT_ID,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_INSTANCE_ID,
  SANDBOX_MARKETPLACE_ID,
  SANDBOX_REFRESH_TOKEN,
} from '@amc-reports/sandbox/account.ts';
import { startSandbox, type Sandbox } from '@amc-reports/sandbox/server.ts';
import { runEmbeddedPostgres } from '../../database.ts';

/**
 * Starts the sandbox on a PostgreSQL server of its own: it runs strangers' SQL, and the collector's database must be out of reach.
 * Its data stays between starts, so that executions already paid for, so to speak, are found again.
 * @throws CollectorError config_invalid when its port is taken
 */
export async function startSandboxService(config: Config, logger: Logger, lifecycle: Lifecycle): Promise<Sandbox> {
  const postgres = await runEmbeddedPostgres(join(config.dataDir, 'sandbox'), 'sandbox PostgreSQL', { logger, lifecycle });
  const sandbox = await startSandbox({
    host: config.host,
    port: config.sandboxPort,
    databaseUrl: postgres.adminUrl,
    seed: config.sandboxSeed,
    now: offsetClock(config.calendarOffsetMs),
    timeFactor: config.timeFactor,
    ...(config.sandboxFaults === undefined ? {} : { faults: config.sandboxFaults }),
    logger,
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'EADDRINUSE' ? portTaken(config, error) : error;
  });
  lifecycle.started('sandbox', () => sandbox.close());
  return sandbox;
}

const portTaken = ({ host, sandboxPort }: Config, cause: Error): CollectorError =>
  new CollectorError(
    'config_invalid',
    `Port ${sandboxPort} on ${host}, on which the sandbox is to answer, is taken, perhaps by another start. Stop what uses it, or set SANDBOX_PORT to a free one.`,
    { details: { host, port: sandboxPort }, cause },
  );

/** The environment as if its owner had an Amazon account: the sandbox's. */
export const sandboxEnvironment = (url: string): Record<string, string> => ({
  AMC_CLIENT_ID: SANDBOX_CLIENT_ID,
  AMC_CLIENT_SECRET: SANDBOX_CLIENT_SECRET,
  AMC_REFRESH_TOKEN: SANDBOX_REFRESH_TOKEN,
  AMC_REGION: 'NA',
  AMC_ACCOUNT_ID: SANDBOX_ACCOUNT_ID,
  AMC_MARKETPLACE_ID: SANDBOX_MARKETPLACE_ID,
  AMC_INSTANCE_ID: SANDBOX_INSTANCE_ID,
  AMC_API_URL: url,
  AMC_TOKEN_URL: `${url}/auth/o2/token`,
});
