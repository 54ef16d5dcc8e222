import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type pg from 'pg';
import { filePieces } from '../../resultfile/pieces.ts';
import type { ScannedPart } from '../../resultfile/spool.ts';
import { unpack, type Packing } from '../../resultfile/unpack.ts';
import type { MergeInput } from './input.ts';

/** Compressed bytes of a row in result_files. */
const CHUNK_BYTES = 1024 * 1024;
/** Compressed bytes that may wait in memory while the database is busy with the rows. */
const AHEAD_BYTES = 8 * 1024 * 1024;

/** Any file on disk: what could not be read as a result is kept too, for a person to look at. */
export type StoredPart = Pick<ScannedPart, 'path'>;

export interface CompressedParts {
  /** Writes the parts as they came, in chunks keyed (instance, run, part, chunk). */
  store(tx: pg.PoolClient, run: Pick<MergeInput, 'instanceId' | 'runId'>): Promise<void>;
  /** Ends what is not read to the end. */
  stop(): void;
}

/** Level 1 of Zstandard takes 3 ms for a week of 3 MB, where gzip's takes 9 and leaves a fifth more. */
const PACKING = { params: { [constants.ZSTD_c_compressionLevel]: 1 }, chunkSize: 256 * 1024 };

/** Starts compressing at once, on threads of its own, so that it costs no time while the database merges. */
export function compressParts(parts: readonly StoredPart[]): CompressedParts {
  const stopping = new AbortController();
  const begin = (part: StoredPart): PassThrough => {
    const compressed = new PassThrough({ highWaterMark: AHEAD_BYTES });
    // An error ends the reading side with it; store() meets it there.
    pipeline(filePieces(part.path), createZstdCompress(PACKING), compressed, { signal: stopping.signal }).catch(() => undefined);
    return compressed;
  };
  let first = parts[0] && begin(parts[0]);
  return {
    async store(tx, { instanceId, runId }) {
      for (const [index, part] of parts.entries()) {
        const compressed = first ?? begin(part);
        first = undefined;
        let chunk = 0;
        for await (const bytes of inChunks(compressed)) await insertChunk(tx, [instanceId, runId, index, chunk++, bytes]);
      }
    },
    stop: () => stopping.abort(),
  };
}

/** The same bytes in pieces of CHUNK_BYTES; a stream hands out whatever has gathered, which may be little or much. */
async function* inChunks(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting: Buffer[] = [];
  let length = 0;
  for await (const bytes of source) {
    waiting.push(bytes);
    length += bytes.length;
    if (length < CHUNK_BYTES) continue;
    let joined = Buffer.concat(waiting);
    for (; joined.length >= CHUNK_BYTES; joined = joined.subarray(CHUNK_BYTES)) yield joined.subarray(0, CHUNK_BYTES);
    waiting = [joined];
    length = joined.length;
  }
  if (length > 0) yield Buffer.concat(waiting);
}

export interface StoredFile {
  part: number;
  /** The bytes as Amazon sent them. Reads chunk by chunk, so the transaction must live as long. */
  open(): Readable;
}

/** How gzip files begin, which older versions stored. */
const GZIP = '\\x1f8b';

/** The result files of an accepted run, in the order of their parts; none when a later run replaced it. */
export async function storedFiles(tx: pg.PoolClient, instanceId: string, runId: string): Promise<StoredFile[]> {
  const { rows } = await tx.query<{ part: number; chunks: number; packing: Packing }>(
    `SELECT part, count(*)::int AS chunks, CASE WHEN bool_or(chunk = 0 AND substring(packed FROM 1 FOR 2) = '${GZIP}') THEN 'gzip' ELSE 'zstd' END AS packing
       FROM result_files WHERE instance_id = $1 AND run_id = $2 GROUP BY part ORDER BY part`,
    [instanceId, runId],
  );
  return rows.map(({ part, chunks, packing }) => ({
    part,
    open: () => unpack(Readable.from(readChunks(tx, instanceId, runId, part, chunks)), packing),
  }));
}

async function* readChunks(tx: pg.PoolClient, instanceId: string, runId: string, part: number, chunks: number): AsyncGenerator<Buffer> {
  for (let chunk = 0; chunk < chunks; chunk++) {
    const { rows } = await tx.query<{ packed: Buffer }>(
      'SELECT packed FROM result_files WHERE instance_id = $1 AND run_id = $2 AND part = $3 AND chunk = $4',
      [instanceId, runId, part, chunk],
    );
    yield rows[0]!.packed;
  }
}

const insertChunk = (tx: pg.PoolClient, values: [string, string, number, number, Buffer]) =>
  tx.query('INSERT INTO result_files (instance_id, run_id, part, chunk, packed) VALUES ($1, $2, $3, $4, $5)', values);

/** A week keeps the file of the run it serves. */
export const dropStoredFiles = (tx: pg.PoolClient, instanceId: string, runId: string) =>
  tx.query('DELETE FROM result_files WHERE instance_id = $1 AND run_id = $2', [instanceId, runId]);
