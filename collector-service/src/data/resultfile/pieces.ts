import { open, type FileHandle } from 'node:fs/promises';

/** COPY is ten times slower when its messages are small (reference: one write per row). */
export const PIECE_BYTES = 256 * 1024;

/** Buffers that nobody uses; as many as there are files read at once, but no more than these are kept. */
const idle: Buffer[] = [];
const KEPT = 8;

/**
 * The bytes of a file from `start` on, in pieces that are valid until the next one is asked for: all of them lie in one buffer, which
 * the next file is read into. A new buffer for every piece, or file, is garbage outside V8's heap: V8 answers much of it by collecting
 * the whole heap every few megabytes, which was half of what this process did in a backfill, and little of it by letting it lie, which
 * was 25 MB of a worker.
 * @param isFree asked before the buffer is used again, also by another file; where it says no (somebody still holds the last piece), a
 *   new one is taken. A stream that takes short pieces without saying that it is busy holds them as long as its writableLength is not 0.
 */
export async function* filePieces(path: string, start = 0, isFree: () => boolean = () => true): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    let buffer = take();
    for (let position = start; ;) {
      const length = await fill(file, buffer, position);
      if (length > 0) yield buffer.subarray(0, length);
      if (length < PIECE_BYTES) break;
      position += length;
      if (!isFree()) buffer = take();
    }
    // Not in finally: who leaves before the end may keep what was handed out.
    if (isFree() && idle.length < KEPT) idle.push(buffer);
  } finally {
    await file.close();
  }
}

const take = (): Buffer => idle.pop() ?? Buffer.allocUnsafeSlow(PIECE_BYTES);

/** A read may give less than there is; only the end of the file leaves a piece short. */
async function fill(file: FileHandle, buffer: Buffer, position: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
