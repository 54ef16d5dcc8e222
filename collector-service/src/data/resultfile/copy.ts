import { createReadStream } from 'node:fs';
import { filePieces, PIECE_BYTES } from './pieces.ts';
import { Rewriter } from './rewrite.ts';
import type { ScannedPart } from './spool.ts';

/** The rows of a part as COPY can read them: without byte order mark and header, rewritten where the bytes as they are would mislead it. */
export function copyBody(part: ScannedPart): AsyncIterable<Uint8Array> {
  if (!part.dialect.rewrite) return filePieces(part.path, part.bodyOffset);
  const file = createReadStream(part.path, { start: part.bodyOffset, highWaterMark: PIECE_BYTES });
  const rewriter = new Rewriter(part.dialect.escape, part.name);
  file.on('error', (error) => rewriter.destroy(error));
  rewriter.on('close', () => file.destroy());
  return file.pipe(rewriter);
}

/** The options of COPY … WITH (…) that fit copyBody. */
export const copyOptions = ({ dialect }: ScannedPart): string =>
  `FORMAT csv, HEADER false, DELIMITER ',', QUOTE '"', ESCAPE '${dialect.escape === 'backslash' && !dialect.rewrite ? '\\' : '"'}', ENCODING 'UTF8'`;
