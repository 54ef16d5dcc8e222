import { pipeline, type Readable } from 'node:stream';
import { createGunzip, createZstdDecompress } from 'node:zlib';

const UNPACKERS = { gzip: createGunzip, zstd: createZstdDecompress };
export type Packing = keyof typeof UNPACKERS;

/** The bytes that were packed. Whoever reads them meets the errors of both streams, and a reader that stops closes the source. */
export function unpack(source: Readable, packing: Packing): Readable {
  const plain = UNPACKERS[packing]();
  // pipeline() and not pipe(): a source that breaks must end the reader too.
  pipeline(source, plain, () => undefined);
  // The end of a file that was cut is noticed when pipeline() listens no more, maybe before anybody reads: an error without a
  // listener would end the process.
  plain.on('error', () => undefined);
  return plain;
}
