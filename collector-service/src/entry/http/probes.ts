import type { Express } from 'express';
import type { Parts } from './deps.ts';
import { databaseVersion } from './health/statements.ts';

/** For containers, without a token: /livez says that the process answers, /readyz that it can do its work. */
export function mountProbes(app: Express, { store }: Pick<Parts, 'store'>): void {
  app.get('/livez', (_req, res) => void res.type('text/plain').send('ok\n'));
  app.get('/readyz', async (_req, res) => {
    const ready = await databaseVersion(store.pool).then(
      () => true,
      () => false,
    );
    res
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(ready ? 'ok\n' : 'the database does not answer\n');
  });
}
