import type pg from 'pg';
import type { Socket } from 'node:net';

/** What a connection writes to; node-postgres has it, but does not say so in its types. */
export const socketOf = (client: pg.ClientBase): Socket => (client as unknown as { connection: { stream: Socket } }).connection.stream;
