import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export interface Fingerprint {
  bytes: number;
  sha256: string;
}

/** Hashes and counts what passes. */
export function fingerprinting(): { through: Transform; result(): Fingerprint } {
  const hash = createHash('sha256');
  let bytes = 0;
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { through, result: () => ({ bytes, sha256: hash.digest('hex') }) };
}

export async function fingerprintOf(path: string, signal: AbortSignal): Promise<Fingerprint> {
  const { through, result } = fingerprinting();
  await pipeline(createReadStream(path), through, new Writable({ write: (_chunk, _encoding, done) => done() }), { signal });
  return result();
}
