import { pipeline } from 'node:stream/promises';
import type { PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { copyBody, copyOptions } from '../../../data/resultfile/copy.ts';
import { spool, type ScannedPart } from '../../../data/resultfile/spool.ts';

const PROJECTED = 'projected_file';
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * The part without some of its columns. PostgreSQL reads and writes the rows, so that every quote and line break survives; columns stand
 * under their place until then, since a file may name them as it likes.
 */
export async function projectPart(
  tx: PoolClient,
  part: ScannedPart,
  without: readonly string[],
  directory: string,
  signal: AbortSignal,
): Promise<ScannedPart> {
  const columns = part.header.map((name, index) => ({ name, place: `c${index}` }));
  const kept = columns.filter(({ name }) => !without.includes(name));
  await tx.query(`CREATE TEMPORARY TABLE ${PROJECTED} (${columns.map(({ place }) => `${place} text`).join(', ')}) ON COMMIT DROP`);
  await pipeline(copyBody(part), tx.query(copyFrom(`COPY ${PROJECTED} FROM STDIN WITH (${copyOptions(part)})`)), { signal });
  const select = kept.map(({ name, place }) => `${place} AS ${quoted(name)}`).join(', ');
  const rows = tx.query(copyTo(`COPY (SELECT ${select} FROM ${PROJECTED}) TO STDOUT WITH (FORMAT csv, HEADER true, ENCODING 'UTF8')`));
  const projected = await spool(rows, { directory, name: `new-${part.name}` }, { escape: 'doubled' }, signal);
  await tx.query(`DROP TABLE ${PROJECTED}`);
  return projected;
}
