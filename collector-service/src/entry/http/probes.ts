import type { Express } from 'express';
import type { Parts } from './deps.ts';
import { databaseDown } from './health/database-down.ts';
import { readability } from './health/readability.ts';

/** For containers, without a token: /livez says that the process answers, /readyz that it can do its work. */
export function mountProbes(
  app: Express,
  { store, databaseServer, catalogue }: Pick<Parts, 'store' | 'databaseServer' | 'catalogue'>,
): void {
  app.get('/livez', (_req, res) => void res.type('text/plain').send('ok\n'));
  app.get('/readyz', async (_req, res) => {
    const trouble = await readability(store.pool, catalogue.datasets).then(
      (unreadable) => unreadable && 'questions cannot be answered: restart the collector, or run collector migrate\n',
      () => `${databaseDown(databaseServer?.()).message}\n`,
    );
    res
      .status(trouble === null ? 200 : 503)
      .type('text/plain')
      .send(trouble ?? 'ok\n');
  });
}
