import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CollectorError } from '../../../contract/error.ts';
import { recognise, type Packed } from '../../../data/resultfile/foreign.ts';
import type { Escape } from '../../../data/resultfile/scan.ts';
import { scanFile, type ScannedPart } from '../../../data/resultfile/spool.ts';

export interface OpenOptions {
  escape: Escape | undefined;
  /** For what a packed file holds; made when it is needed. */
  spoolDirectory: string;
}

/** A packed file in a packed file is none that a program writes. */
const LAYERS = 3;

/**
 * A file that a person brings, ready to be read: unpacked (gzip) or turned into UTF-8 (from UTF-16) beside it, if need be.
 * @throws CollectorError invalid_request (not there, or no CSV), result_truncated, result_header, result_value
 */
export async function openFile(path: string, { escape, spoolDirectory }: OpenOptions, signal: AbortSignal): Promise<ScannedPart> {
  const name = basename(path);
  try {
    let at = path;
    for (let layer = 1; ; layer++) {
      const packed = await recognise(at, name);
      if (packed === 'plain') return await scanFile(at, name, { escape }, signal);
      if (layer > LAYERS) throw new CollectorError('invalid_request', `${name} is packed several times over; unpack it first.`);
      at = await unpacked(at, packed, join(spoolDirectory, `${layer}-${name}`), signal);
    }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code.startsWith('Z_'))
      throw new CollectorError('result_truncated', `${name} is packed with gzip and cut off or damaged. Get it again.`, { cause: error });
    if (!['ENOENT', 'EACCES', 'EISDIR'].includes(code)) throw error;
    throw new CollectorError('invalid_request', `${path} cannot be read (${code}). Check the path and its permissions.`);
  }
}

async function unpacked(from: string, packed: Exclude<Packed, 'plain'>, to: string, signal: AbortSignal): Promise<string> {
  await mkdir(join(to, '..'), { recursive: true, mode: 0o700 });
  const unpacker = packed === 'gzip' ? createGunzip() : new ToUtf8(packed);
  await pipeline(createReadStream(from), unpacker, createWriteStream(to, { mode: 0o600 }), { signal });
  return to;
}

/** Text of another encoding, in UTF-8 and without its byte order mark. */
class ToUtf8 extends Transform {
  readonly #decoder: InstanceType<typeof TextDecoder>;

  constructor(encoding: string) {
    super();
    this.#decoder = new TextDecoder(encoding);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    done(null, this.#decoder.decode(chunk, { stream: true }));
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#decoder.decode());
  }
}
