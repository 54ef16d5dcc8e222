import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rm, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CollectorError } from '../../contract/error.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import { chooseDialect, lineEndsOf, truncated, type Dialect } from './dialect.ts';
import { parseHeader } from './header.ts';
import { filePieces } from './pieces.ts';
import { Rewriter } from './rewrite.ts';
import { CsvScanner, type Escape } from './scan.ts';

/** One part of a result on disk, with everything the merge must know about its bytes. */
export interface ScannedPart {
  path: string;
  /** Name for messages: where the file came from or goes to, never a secret URL. */
  name: string;
  bytes: number;
  /** SHA-256 of the bytes as they came, hex. */
  sha256: string;
  /** Column names as written. */
  header: string[];
  /** Records after the header. */
  rows: number;
  /** Offset of the first byte after the header. */
  bodyOffset: number;
  dialect: Dialect;
}

export interface SpoolTarget {
  directory: string;
  name: string;
}

export interface SpoolOptions {
  /** Bytes announced by the sender, when it announced them for the very bytes it sends (no content encoding). */
  contentLength?: number | undefined;
  /** Escape set in the workflow's outputFormat; leave out for files of unknown origin. */
  escape?: Escape | undefined;
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Writes a result to disk while hashing and scanning it: one pass, constant memory whatever the size.
 * A file that fails is removed again, unless it came whole and only cannot be read (kind data): a person may want to look at it.
 * @throws CollectorError result_truncated (fetch it again), result_header or result_value (look at it), disk_full;
 *   the signal's reason when aborted; whatever the source throws
 */
export async function spool(
  source: AsyncIterable<Uint8Array>,
  target: SpoolTarget,
  options: SpoolOptions,
  signal: AbortSignal,
): Promise<ScannedPart> {
  await mkdir(target.directory, { recursive: true, mode: 0o700 });
  const path = join(target.directory, target.name);
  const file = await open(path, 'w', 0o600);
  try {
    const received = await receive(source, file, signal);
    await file.close();
    crashPoint('download.received');
    return await describePart(path, target.name, received, options, signal);
  } catch (error) {
    await file.close().catch(() => undefined);
    if (!(error instanceof CollectorError && error.kind === 'data')) await rm(path, { force: true });
    throw isDiskFull(error) ? diskFull(target.directory, error) : error;
  }
}

/** The same for a file that is already on disk and stays where it is. */
export async function scanFile(
  path: string,
  name: string,
  options: Pick<SpoolOptions, 'escape'>,
  signal: AbortSignal,
): Promise<ScannedPart> {
  const received = await receive(filePieces(path), undefined, signal);
  return describePart(path, name, received, options, signal);
}

interface Received {
  bytes: number;
  bomBytes: number;
  firstBytes: Buffer;
  scan: CsvScanner;
  hash: Hash;
}

async function receive(source: AsyncIterable<Uint8Array>, file: FileHandle | undefined, signal: AbortSignal): Promise<Received> {
  const received: Received = { bytes: 0, bomBytes: 0, firstBytes: Buffer.alloc(0), scan: new CsvScanner(), hash: createHash('sha256') };
  let begun = Buffer.alloc(0);
  // One write is on its way while the next bytes are hashed and scanned.
  let writing: Promise<unknown> = Promise.resolve();
  for await (const chunk of abortable(source, signal)) {
    await writing;
    writing = file ? writeAll(file, chunk) : Promise.resolve();
    writing.catch(() => undefined);
    received.bytes += chunk.length;
    received.hash.update(chunk);
    if (received.bytes - chunk.length >= BOM.length) {
      received.scan.push(chunk);
    } else {
      // A byte order mark may arrive in pieces: the first bytes wait until there are enough to tell.
      begun = Buffer.concat([begun, chunk]);
      if (begun.length >= BOM.length) startScan(received, begun);
    }
    if (received.scan.headerEnd === 0 || received.firstBytes.length < received.bomBytes + received.scan.headerEnd)
      keepFirstBytes(received, chunk);
  }
  await writing;
  if (begun.length < BOM.length) startScan(received, begun);
  received.scan.end();
  return received;
}

function startScan(received: Received, begun: Buffer): void {
  received.bomBytes = begun.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
  received.scan.push(begun.subarray(received.bomBytes));
}

/** Bytes for the header; anything beyond this is none. */
const KEPT = 128 * 1024;

function keepFirstBytes(received: Received, chunk: Uint8Array): void {
  if (received.firstBytes.length < KEPT) received.firstBytes = Buffer.concat([received.firstBytes, chunk]).subarray(0, KEPT);
}

async function describePart(
  path: string,
  name: string,
  received: Received,
  options: SpoolOptions,
  signal: AbortSignal,
): Promise<ScannedPart> {
  const { bytes, scan, bomBytes, firstBytes } = received;
  if (options.contentLength !== undefined && bytes !== options.contentLength) {
    throw truncated(`${name} has ${bytes} of ${options.contentLength} announced bytes: the download was cut off.`);
  }
  if (scan.bytes === 0) throw truncated(`${name} is empty; even a result without rows has a header.`);
  const chosen = chooseDialect(scan, options.escape, name);
  const { dialect, rows } =
    chosen === 'contradictory' ? await readMixed(path, bomBytes, name, signal) : { dialect: chosen.dialect, rows: chosen.reading.rows };
  const bodyOffset = bomBytes + scan.headerEnd;
  const header = parseHeader(firstBytes.subarray(bomBytes, Math.min(bodyOffset, KEPT)), name);
  return { path, name, bytes, sha256: received.hash.digest('hex'), header, rows: rows - 1, bodyOffset, dialect };
}

/** A file with both escapes is good when every quotation mark in it has one meaning; rewriting it to nowhere tells. */
async function readMixed(path: string, start: number, name: string, signal: AbortSignal): Promise<{ dialect: Dialect; rows: number }> {
  const rewriter = new Rewriter('mixed', name);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(createReadStream(path, { start }), rewriter, nowhere, { signal });
  return { dialect: { escape: 'mixed', lineEnds: lineEndsOf(rewriter, name), rewrite: true }, rows: rewriter.rows };
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.length;) written += (await file.write(chunk, written)).bytesWritten;
}

/**
 * Ends the waiting for a source that has gone silent as soon as the signal aborts. Every piece is waited for with a promise of its own:
 * Promise.race with one that lives as long as the file would keep every piece in memory until the end.
 */
async function* abortable(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  signal.throwIfAborted();
  const iterator = source[Symbol.asyncIterator]();
  let giveUp = (): void => undefined;
  const onAbort = (): void => giveUp();
  signal.addEventListener('abort', onAbort, { once: true });
  let ended = false;
  try {
    for (;;) {
      signal.throwIfAborted();
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        giveUp = () => reject(signal.reason as Error);
        iterator.next().then(resolve, reject);
      });
      if (next.done) break;
      yield next.value;
    }
    ended = true;
  } finally {
    signal.removeEventListener('abort', onAbort);
    // Not awaited: a source that hangs would hang here too.
    if (!ended) iterator.return?.().catch(() => undefined);
  }
}

const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

const diskFull = (directory: string, cause: unknown): CollectorError =>
  new CollectorError(
    'disk_full',
    `The disk of ${directory} is full. Nothing was changed; free some space and the work goes on by itself.`,
    { cause },
  );
