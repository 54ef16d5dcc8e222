import type { Logger } from 'pino';
import type { AmcClient } from '../../data/amc/client.ts';
import type { Clock } from '../../ground/calendar/clock.ts';
import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { Store } from '../../data/store/store.ts';
import type { CollectSettings } from './settings.ts';

/** The client of a connection, ready to use; its request limiter is connectionLimiter(). @throws CollectorError config_invalid when its secrets cannot be read */
export type AmcClients = (connectionId: string) => Promise<AmcClient>;

/** What the steps of a week work with. */
export interface CollectDeps {
  store: Store;
  catalogue: Catalogue;
  amc: AmcClients;
  clock: Clock;
  logger: Logger;
  /** Folder for result files on their way into the database; each is removed when its week is done. */
  spoolDirectory: string;
  settings: CollectSettings;
}
