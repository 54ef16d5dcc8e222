import type { Express } from 'express';
import type { Parts } from './deps.ts';
import { databaseDown } from './health/database-down.ts';
import { databaseVersion } from './health/statements.ts';

/** For containers, without a token: /livez says that the process answers, /readyz that it can do its work. */
export function mountProbes(app: Express, { store, databaseServer }: Pick<Parts, 'store' | 'databaseServer'>): void {
  app.get('/livez', (_req, res) => void res.type('text/plain').send('ok\n'));
  app.get('/readyz', async (_req, res) => {
    const ready = await databaseVersion(store.pool).then(
      () => true,
      () => false,
    );
    res
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ok\n' : `${databaseDown(databaseServer?.()).message}\n`);
  });
}
