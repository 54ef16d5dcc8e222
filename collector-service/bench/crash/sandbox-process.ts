import { startMortalPostgres } from '@amc-reports/test-support/crash/mortal-postgres.ts';
import { startSandbox } from '@amc-reports/sandbox/server.ts';
import { TIME_FACTOR } from './settings.ts';

/** The sandbox in a process and on a PostgreSQL of its own, out of reach of everything that is killed here. Sends its addresses and ends with its parent. */
const postgres = await startMortalPostgres();
const sandbox = await startSandbox({
  databaseUrl: postgres.adminUrl,
  now: () => new Date(),
  timeFactor: TIME_FACTOR,
  faults: [],
  // Our limits are what is tested, so the sandbox must not keep them for us.
  behaviour: { runningPerInstance: 1_000, runningPerAccount: 1_000 },
});
process.once('disconnect', () => {
  void sandbox
    .close()
    .then(() => postgres.destroy())
    .then(() => process.exit(0));
});
process.send!({ url: sandbox.url, adminUrl: postgres.adminUrl });
