import { createReadStream } from 'node:fs';

/** COPY is ten times slower when its messages are small (reference: one write per row). */
export const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a file from `start` on. Every piece lies in memory of its own that is never read into again: a socket or a packer that
 * still holds one sends what it was given, whatever else is read meanwhile. The file is opened when the first piece is asked for, and
 * closed when the reader ends or stops.
 */
export async function* filePieces(path: string, start = 0): AsyncGenerator<Buffer> {
  yield* createReadStream(path, { start, highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>;
}
