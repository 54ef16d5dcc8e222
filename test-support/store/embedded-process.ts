import { startEmbeddedPostgres } from '@amc-reports/collector-service/data/store/embedded.ts';

/** A collector that lives until it is killed (or asked to stop): starts the server of the given directory and says so. */
const postgres = await startEmbeddedPostgres({ dataDir: process.argv[2]! });
process.once('SIGTERM', () => void postgres.stop().then(() => process.exit(0)));
process.stdout.write(`${postgres.url}\n`);
setInterval(() => undefined, 60_000);
