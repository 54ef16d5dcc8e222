import { pino } from 'pino';
import { createAmcClient, type AmcClient, type AmcClientOptions } from '@amc-reports/collector-service/data/amc/client.ts';
import { startScriptedAmc, type ScriptedAmc } from './scripted-amc.ts';

export const CLIENT_SECRET = 'amzn1.oa2-cs.v1.very-secret';
export const REFRESH_TOKEN = 'Atzr|very-secret-refresh';
export const ACCOUNT = { accountId: 'ENTITY1', marketplaceId: 'ATVPDKIKX0DER' };
export const INSTANCE = { ...ACCOUNT, instanceId: 'amcabc' };

export interface ScriptedClient {
  readonly amc: ScriptedAmc;
  readonly client: AmcClient;
  /** Everything that was logged, at any level. */
  readonly log: string[];
  close(): Promise<void>;
}

/** A client talking to a scripted server. */
export async function scriptedClient(options: Partial<AmcClientOptions> = {}): Promise<ScriptedClient> {
  const amc = await startScriptedAmc();
  const log: string[] = [];
  const logger = pino({ level: 'trace' }, { write: (line) => void log.push(line) });
  const client = createAmcClient({
    apiUrl: amc.apiUrl,
    tokenUrl: amc.tokenUrl,
    clientId: 'amzn1.application-oa2-client.test',
    clientSecret: CLIENT_SECRET,
    refreshToken: REFRESH_TOKEN,
    logger,
    ...options,
  });
  return {
    amc,
    client,
    log,
    close: async () => {
      await amc.close();
      await client.close();
    },
  };
}

/** The error a promise rejects with. */
export async function failureOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
}
