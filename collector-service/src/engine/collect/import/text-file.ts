import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import type { Column, Dataset } from '../../../data/catalogue/dataset.ts';
import { copyBody, copyOptions } from '../../../data/resultfile/copy.ts';
import { matchHeader } from '../../../data/resultfile/header.ts';
import { spool, type ScannedPart, type SpoolTarget } from '../../../data/resultfile/spool.ts';
import { explainCopyError } from '../../../data/store/merge/copy-error.ts';
import type { Tx } from '../../../ground/database.ts';
import { refuseLinesAbove } from './lines-above.ts';
import { copyRowsSql, createImported, dropImported, IMPORTED } from './statements.ts';

/** A file whose rows stand in IMPORTED as text: what a column of the dataset is called there. */
export interface TextFile {
  part: ScannedPart;
  placeOf(column: Column): string;
  columns: readonly { place: string; name: string }[];
}

/**
 * Reads a file's rows as text, one file at a time: PostgreSQL reads and writes the rows, so that every quote and line break survives.
 * @throws CollectorError result_header, result_value
 */
export async function loadText(tx: Tx, part: ScannedPart, dataset: Dataset): Promise<TextFile> {
  await refuseLinesAbove(part, dataset);
  const order = matchHeader(dataset.columns, part.header, part.name);
  const columns = order.map((index, at) => ({
    place: `c${at}`,
    name: index === undefined ? part.header[at]!.trim() : dataset.columns[index]!.name,
  }));
  await dropImported(tx);
  await createImported(
    tx,
    columns.map(({ place }) => place),
  );
  const places = columns.map(({ place }) => place).join(', ');
  try {
    await pipeline(copyBody(part), tx.query(copyFrom(`COPY ${IMPORTED} (${places}) FROM STDIN WITH (${copyOptions(part)})`)));
  } catch (error) {
    throw explainCopyError(error, dataset, part);
  }
  return { part, columns, placeOf: (column) => `c${order.indexOf(dataset.columns.indexOf(column))}` };
}

/** Writes some of the loaded rows into a file of their own. */
export const cut = (tx: Tx, { columns }: TextFile, where: string, target: SpoolTarget, signal: AbortSignal): Promise<ScannedPart> =>
  spool(tx.query(copyTo(copyRowsSql(columns, where))) as Readable, target, { escape: 'doubled' }, signal);
