import { isFetchError } from '@grafana/runtime';

/** The sentence that tells what to do: the collector's own where it sent one. */
export function sentenceOf(error: unknown): string {
  if (isFetchError<{ detail?: string; message?: string } | undefined>(error)) {
    return error.data?.detail ?? error.data?.message ?? `The collector answered ${error.status}. Check the data source's settings.`;
  }
  return error instanceof Error ? error.message : 'Something went wrong. Try again.';
}
