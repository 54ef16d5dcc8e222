import { isFetchError } from '@grafana/runtime';

/** What happened and what to do about it: the collector's own words where it sent some. */
export function sentenceOf(error: unknown): string {
  if (isFetchError<{ detail?: string; remedy?: string; message?: string } | undefined>(error)) {
    const { detail, remedy, message } = error.data ?? {};
    if (detail) return [detail, remedy].filter(Boolean).join(' ');
    return message ?? `The collector answered ${error.status}. Check the data source's settings.`;
  }
  return error instanceof Error ? error.message : 'Something went wrong. Try again.';
}
