import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

/** What the gzip stream unpacks to. Whoever reads it meets the errors of both, and a reader that stops closes the source. */
export function unzip(source: Readable): Readable {
  const plain = createGunzip();
  // pipeline() and not pipe(): a source that breaks must end the reader too.
  pipeline(source, plain, () => undefined);
  // The end of a file that was cut is noticed when pipeline() listens no more, maybe before anybody reads: an error without a
  // listener would end the process.
  plain.on('error', () => undefined);
  return plain;
}
