import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { crashInside } from '../../ground/crash-point.ts';
import type { Tx } from '../../ground/database.ts';
import { explainDisk } from './disk.ts';
import { fingerprinting, type Fingerprint } from './fingerprint.ts';
import { quoted, type TableColumns } from './statements/tables.ts';

/** Pieces in which compressed bytes go to the disk. */
const CHUNK = { chunkSize: 256 * 1024 };

/**
 * Writes a table's rows as PostgreSQL's COPY text, packed with Zstandard, row by row as they come: no table is held in memory. The text
 * form is the same for every version of the server; how times and bytes are written is fixed by the transaction (statements/session.ts).
 */
export async function writeTable(tx: Tx, table: TableColumns, path: string, signal: AbortSignal): Promise<Fingerprint & { rows: number }> {
  const source = tx.query(copyTo(`COPY ${quoted(table.name)} (${table.columns.map(quoted).join(', ')}) TO STDOUT`));
  const { through, result } = fingerprinting();
  try {
    const file = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
    await pipeline(crashInside('backup.insideTable', source), createZstdCompress(CHUNK), through, file, { signal });
  } catch (error) {
    throw explainDisk(error, path);
  }
  return { ...result(), rows: source.rowCount };
}

/** Brings the rows of a file into a table. @returns how many */
export async function readTable(tx: Tx, table: TableColumns, path: string, signal: AbortSignal): Promise<number> {
  const target = tx.query(copyFrom(`COPY ${quoted(table.name)} (${table.columns.map(quoted).join(', ')}) FROM STDIN`));
  await pipeline(crashInside('restore.insideTable', createReadStream(path)), createZstdDecompress(CHUNK), target, { signal });
  return target.rowCount;
}
