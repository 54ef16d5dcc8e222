import { isFetchError } from '@grafana/runtime';
import { words } from './words';

/** What happened and what to do about it: the collector's own words where it sent some. */
export function sentenceOf(error: unknown): string {
  if (isFetchError<{ detail?: string; remedy?: string; message?: string } | undefined>(error)) {
    const { detail, remedy, message } = error.data ?? {};
    if (detail) return [detail, remedy].filter(Boolean).join(' ');
    return (
      message ?? words('failure.status', "The collector answered {{status}}. Check the data source's settings.", { status: error.status })
    );
  }
  return error instanceof Error ? error.message : words('failure.unknown', 'Something went wrong. Try again.');
}
