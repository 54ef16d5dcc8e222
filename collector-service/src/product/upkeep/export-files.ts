import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { IsoDate } from '../../ground/calendar/week.ts';
import { findInstance } from '../../engine/collect/instance.ts';
import { describeFiles } from '../../engine/collect/merge.ts';
import { CollectorError } from '../../contract/error.ts';
import { storedFiles } from '../../data/store/merge/result-files.ts';
import { narrowed } from './context.ts';
import { selectServedWeeks, type ServedWeek } from './statements/served-weeks.ts';
import { writeAudit } from '../../ground/audit.ts';
import type { Context } from '../../ground/context.ts';
import type { Tx } from '../../ground/database.ts';

export interface ExportRequest {
  /** AMC instance id. */
  instance: string;
  dataset: string;
  firstWeek?: IsoDate | undefined;
  lastWeek?: IsoDate | undefined;
  /** Folder to write to; made when it is not there. */
  to: string;
}

export interface ExportedWeek {
  week: ServedWeek;
  /** written: now. there: an earlier export wrote the very bytes. no_file, failed: see note. */
  outcome: 'written' | 'there' | 'no_file' | 'failed';
  files: string[];
  bytes: number;
  note: string | null;
}

/**
 * Writes the stored results of served weeks as the CSV files they came as: `<to>/<instance>/<dataset>_v<version>/<week>.csv`, or
 * `<week>-part-<n>.csv` for a result of several parts. Each file gets its name only when its bytes are known to be those that were
 * accepted (SHA-256). Files of an earlier export are checked and left, others of the same name are never overwritten.
 * @throws CollectorError not_found (instance); what a single week meets is told with the week
 */
export async function exportFiles(
  ctx: Context,
  request: ExportRequest,
  onProgress: (done: ExportedWeek, through: number, total: number) => void = () => undefined,
): Promise<ExportedWeek[]> {
  const { store, scope, actor, signal } = ctx;
  const { dataset, firstWeek, lastWeek } = request;
  const instance = await store.transaction((tx) => findInstance(tx, scope, request.instance), { signal });
  const weeks = await selectServedWeeks(store.pool, narrowed(scope, instance.id), { dataset, firstWeek, lastWeek });
  const exported: ExportedWeek[] = [];
  for (const week of weeks) {
    exported.push(await exportWeek(ctx, week, request.to));
    onProgress(exported.at(-1)!, exported.length, weeks.length);
  }
  await store.transaction((tx) =>
    writeAudit(tx, {
      workspaceId: scope.workspaceId,
      person: actor,
      action: 'files.export',
      subject: `instance ${instance.amcInstanceId}`,
      details: { dataset, weeks: exported.filter(({ outcome }) => outcome === 'written').map(({ week }) => week.week) },
    }),
  );
  return exported;
}

async function exportWeek({ store, signal }: Context, week: ServedWeek, to: string): Promise<ExportedWeek> {
  const folder = join(to, week.instance.replaceAll(/[^A-Za-z0-9._-]/g, '_'), `${week.dataset}_v${week.datasetVersion}`);
  try {
    await mkdir(folder, { recursive: true });
    return await store.transaction((tx) => writeParts(tx, week, folder, signal), { isolation: 'repeatable read', signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CollectorError && error.code === 'database_unavailable') throw error;
    const note = error instanceof CollectorError ? error.message : `${folder}: ${error instanceof Error ? error.message : String(error)}`;
    return { week, outcome: 'failed', files: [], bytes: 0, note };
  }
}

interface Part {
  target: string;
  partial: string;
  sha256: string;
  bytes: number;
}

async function writeParts(tx: Tx, week: ServedWeek, folder: string, signal: AbortSignal): Promise<ExportedWeek> {
  const stored = await storedFiles(tx, week.instanceId, week.runId);
  if (stored.length === 0) return { week, outcome: 'no_file', files: [], bytes: 0, note: null };
  const nameOf = (part: number): string => join(folder, stored.length === 1 ? `${week.week}.csv` : `${week.week}-part-${part + 1}.csv`);
  const targets = stored.map(({ part }) => nameOf(part));
  if ((await Promise.all(targets.map(exists))).every(Boolean)) {
    const parts = await Promise.all(targets.map((target) => hashOf(createReadStream(target), signal)));
    if (!isAccepted(parts, week)) throw occupied(targets[0]!);
    return { week, outcome: 'there', files: targets, bytes: total(parts), note: null };
  }
  const parts: Part[] = [];
  try {
    for (const { part, open } of stored) {
      const target = nameOf(part);
      const partial = `${target}.partial`;
      parts.push({ target, partial, ...(await writeTo(partial, open(), signal)) });
    }
    if (!isAccepted(parts, week)) throw damaged(week);
    for (const { target, partial, sha256 } of parts) {
      // Left by an export that was stopped between two parts; the same bytes, or somebody else's file.
      if ((await exists(target)) && (await hashOf(createReadStream(target), signal)).sha256 !== sha256) throw occupied(target);
      await rename(partial, target);
    }
  } finally {
    for (const target of targets) await rm(`${target}.partial`, { force: true });
  }
  return { week, outcome: 'written', files: targets, bytes: total(parts), note: null };
}

const isAccepted = (parts: readonly { sha256: string; bytes: number }[], { fileSha256 }: ServedWeek): boolean =>
  fileSha256 === null || describeFiles(parts).fileSha256 === fileSha256;

const total = (parts: readonly { bytes: number }[]): number => parts.reduce((sum, { bytes }) => sum + bytes, 0);

const exists = async (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function hashOf(source: Readable, signal: AbortSignal): Promise<{ sha256: string; bytes: number }> {
  const { counting, result } = hashing();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  await pipeline(source, counting, nowhere, { signal });
  return result();
}

async function writeTo(path: string, source: Readable, signal: AbortSignal): Promise<{ sha256: string; bytes: number }> {
  const { counting, result } = hashing();
  await pipeline(source, counting, createWriteStream(path, { mode: 0o600 }), { signal });
  return result();
}

function hashing() {
  const hash = createHash('sha256');
  let bytes = 0;
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      done(null, chunk);
    },
  });
  return { counting, result: () => ({ sha256: hash.digest('hex'), bytes }) };
}

const occupied = (path: string): CollectorError =>
  new CollectorError('conflict', `${path} exists and holds something else. Export to another folder, or move it away.`);

const damaged = ({ week }: ServedWeek): CollectorError =>
  new CollectorError(
    'result_value',
    `The stored file of week ${week} is not the one that was accepted (its SHA-256 differs); it was not exported.`,
  );
