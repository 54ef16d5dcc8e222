import { createReadStream } from 'node:fs';
import { open, rename, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Account } from './account.ts';
import { handOver } from './location.ts';

/** A log larger than this makes room for a new one at the next start; one older log is kept. */
const LARGEST_BYTES = 10 * 1024 * 1024;
/** Of its end: some sixty lines. What it said long before it ended is no reason. */
const READ_BYTES = 8 * 1024;

/** What the server writes, from one start on. */
export interface ServerLog {
  readonly path: string;
  readonly output: FileHandle;
  /** Why it ended or did not start, in PostgreSQL's own words; empty when it wrote nothing. */
  reason(): Promise<string>;
  says(words: RegExp): Promise<boolean>;
}

/** Opens the log at its end: why a server ended must still be there when it has been started again. */
export async function openServerLog(directory: string, account: Account): Promise<ServerLog> {
  const path = join(directory, 'postgres.log');
  let from = await sizeOf(path);
  if (from > LARGEST_BYTES) {
    await rename(path, `${path}.1`);
    from = 0;
  }
  const output = await open(path, 'a', 0o600);
  await handOver(path, account);
  const written = async (): Promise<string> =>
    text(createReadStream(path, { start: Math.max(from, (await sizeOf(path)) - READ_BYTES) })).catch(() => '');
  return {
    path,
    output,
    async reason() {
      const lines = (await written()).trim().split('\n');
      return (lines.findLast((line) => /(FATAL|PANIC|ERROR|initdb|error while loading)/.test(line)) ?? lines.at(-1) ?? '').trim();
    },
    says: async (words) => words.test(await written()),
  };
}

const sizeOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
