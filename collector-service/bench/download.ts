import { request } from 'undici';
import { spool, type ScannedPart } from '../src/data/resultfile/spool.ts';

/** Fetches a result as the collector does: to a file in the directory, hashed and scanned on the way. */
export async function download(url: string, directory: string, name: string, signal: AbortSignal): Promise<ScannedPart> {
  const { body, headers } = await request(url, { signal });
  return spool(body, { directory, name }, { contentLength: Number(headers['content-length']), escape: 'doubled' }, signal);
}
