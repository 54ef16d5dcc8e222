import pg from 'pg';
import { slowDown, takeToken } from '@amc-reports/collector-service/engine/collect/statements/bucket.ts';

/** A process that takes tokens of a connection's bucket as fast as it can: database URL, connection, how many, complaints of Amazon's. */
const [url, connectionId, count, complaints] = process.argv.slice(2);
const pool = new pg.Pool({ connectionString: url!, max: 4 });
const takes = Array.from({ length: Number(count) }, () => takeToken(pool, connectionId!, 1));
const slows = Array.from({ length: Number(complaints) }, () => slowDown(pool, connectionId!, 1, 0));
await Promise.all([...takes, ...slows]);
await pool.end();
