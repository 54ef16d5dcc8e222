import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AmcClient } from '../../data/amc/client.ts';
import { CollectorError } from '../../contract/error.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { spool, type ScannedPart, type SpoolOptions, type SpoolTarget } from '../../data/resultfile/spool.ts';
import { isAboutTheFile } from '../../data/store/merge/refusal.ts';
import type { StoredPart } from '../../data/store/merge/result-files.ts';
import { instanceRef } from './amazon.ts';
import { crashInside, crashPoint } from '../../ground/crash-point.ts';
import type { CollectDeps } from './deps.ts';
import type { ClaimedRun } from './run.ts';
import { scaled } from './settings.ts';

/** Times a result is fetched before its fault counts as Amazon's and not the network's. */
const TRIES = 3;
const FIRST_PAUSE_MS = 2_000;
/** Worth fetching again at once, with new addresses. */
const FETCH_AGAIN: readonly ErrorCode[] = ['amc_url_expired', 'result_truncated', 'amc_unreachable', 'amc_server_error'];
/** What our workflows ask for in outputFormat (amc/workflows.ts). */
export const ESCAPE = 'doubled';

/** A result on disk. */
export interface SpooledResult {
  /** In Amazon's order; those that can be read. */
  parts: ScannedPart[];
  /** All of them: what cannot be read is kept for a person too. */
  files: StoredPart[];
  /** Why a part cannot be read (kind data). */
  fault: CollectorError | undefined;
}

/**
 * Brings a result to disk, part by part, hashed and scanned. New addresses are asked for each time, since they expire after minutes.
 * @throws CollectorError result_truncated after several tries, amc_* when Amazon has none (any more), disk_full
 */
export async function download(deps: CollectDeps, run: ClaimedRun, signal: AbortSignal): Promise<SpooledResult> {
  const client = await deps.amc(run.connectionId);
  await removeLeftovers(deps.spoolDirectory, run);
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetchParts(deps, client, run, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (attempt >= TRIES || !(error instanceof CollectorError) || !FETCH_AGAIN.includes(error.code)) throw error;
      deps.logger.info({ run: run.id, week: run.week, code: error.code }, 'The result is fetched again.');
      await sleep(scaled(FIRST_PAUSE_MS * 2 ** attempt, deps.settings), undefined, { signal });
    }
  }
}

async function fetchParts(deps: CollectDeps, client: AmcClient, run: ClaimedRun, signal: AbortSignal): Promise<SpooledResult> {
  crashPoint('download.beforeUrls');
  const urls = await client.results.urls(instanceRef(run), run.executionId!, signal);
  crashPoint('download.afterUrls');
  const directory = spoolFolder(deps.spoolDirectory, run);
  const result: SpooledResult = { parts: [], files: [], fault: undefined };
  for (const [index, url] of urls.entries()) {
    const part = await client.results.open(url, signal);
    const target = { directory, name: `${run.week}-part-${index + 1}.csv` };
    const body = crashInside('download.insidePart', part.body);
    await spoolInto(result, body, target, { contentLength: part.contentLength ?? undefined, escape: ESCAPE }, signal);
    crashPoint('download.afterPart');
  }
  return result;
}

/** Adds the next part to a result. One that came whole and cannot be read does not end the download: all of the file is kept. */
export async function spoolInto(
  result: SpooledResult,
  body: AsyncIterable<Uint8Array>,
  target: SpoolTarget,
  options: SpoolOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    result.parts.push(await spool(body, target, options, signal));
  } catch (error) {
    if (!isAboutTheFile(error)) throw error;
    result.fault ??= error;
  }
  result.files.push({ path: join(target.directory, target.name) });
}

/** One folder per claim, so that a late worker never writes into its successor's files. */
export const spoolFolder = (spoolDirectory: string, run: ClaimedRun): string => join(spoolDirectory, `run-${run.id}-${run.fence}`);

export const removeSpooled = (spoolDirectory: string, run: ClaimedRun): Promise<void> =>
  rm(spoolFolder(spoolDirectory, run), { recursive: true, force: true });

/** What earlier claims of this run left behind when their process died. */
export async function removeLeftovers(spoolDirectory: string, run: ClaimedRun): Promise<void> {
  const names = await readdir(spoolDirectory).catch(() => []);
  for (const name of names) if (name.startsWith(`run-${run.id}-`)) await rm(join(spoolDirectory, name), { recursive: true, force: true });
}
