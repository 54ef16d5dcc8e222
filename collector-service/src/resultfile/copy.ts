import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { Rewriter } from './rewrite.ts';
import type { ScannedPart } from './spool.ts';

/** COPY is ten times slower when its messages are small (reference: one write per row). */
const CHUNK_BYTES = 256 * 1024;

/** The rows of a part as COPY can read them: without byte order mark and header, rewritten where the bytes as they are would mislead it. */
export function copyBody(part: ScannedPart): Readable {
  const file = createReadStream(part.path, { start: part.bodyOffset, highWaterMark: CHUNK_BYTES });
  if (!part.dialect.rewrite) return file;
  const rewriter = new Rewriter(part.dialect.escape, part.name);
  file.on('error', (error) => rewriter.destroy(error));
  rewriter.on('close', () => file.destroy());
  return file.pipe(rewriter);
}

/** The options of COPY … WITH (…) that fit copyBody. */
export const copyOptions = ({ dialect }: ScannedPart): string =>
  `FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '${dialect.escape === 'backslash' && !dialect.rewrite ? '\\' : '"'}', ENCODING 'UTF8'`;
