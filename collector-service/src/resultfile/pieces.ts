import { open, type FileHandle } from 'node:fs/promises';

/** COPY is ten times slower when its messages are small (reference: one write per row). */
export const PIECE_BYTES = 256 * 1024;

/**
 * The bytes of a file from `start` on, in pieces that are valid until the next one is asked for: all of them lie in one buffer. A new
 * buffer for every piece is garbage outside V8's heap, and V8 answers it by collecting the whole heap every few megabytes, which was
 * half of what this process did in a backfill.
 * @param isFree asked before the buffer is filled again; where it says no (somebody still holds the last piece), a new one is taken
 */
export async function* filePieces(path: string, start = 0, isFree: () => boolean = () => true): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    let buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
    for (let position = start; ;) {
      const length = await fill(file, buffer, position);
      if (length > 0) yield buffer.subarray(0, length);
      if (length < PIECE_BYTES) return;
      position += length;
      if (!isFree()) buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
    }
  } finally {
    await file.close();
  }
}

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
