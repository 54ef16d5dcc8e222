import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { defineJob } from '@amc-reports/collector-service/ground/jobs/job.ts';
import { runJobs } from '@amc-reports/collector-service/ground/jobs/runner.ts';
import { openStore } from '@amc-reports/collector-service/data/store/store.ts';
import { createLogger } from '@amc-reports/collector-service/ground/telemetry/log.ts';
import { QUICK } from './bench.ts';

/** A job that never ends by itself, and the process that runs it, for the tests that kill or stop it: `node job-process.ts <database URL>`. */
const [, , databaseUrl] = process.argv;
const logger = createLogger('info');
const store = await openStore(databaseUrl!, { logger });
const endless = defineJob({
  name: 'test.endless',
  data: z.object({}),
  retry: { limit: 0, firstAfterSeconds: 0, atMostSeconds: 0 },
  handle: async (_, _deps: object, { signal }) => {
    process.stdout.write('begun\n');
    while (true) await sleep(60_000, undefined, { signal });
  },
});
const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
await runJobs({ store, jobs: [endless], deps: {}, logger, pace: QUICK, graceMs: 100 }, stop.signal);
await store.close();
