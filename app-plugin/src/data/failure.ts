import { isFetchError } from '@grafana/runtime';
import type { Problem } from '@amc-reports/collector-service/contract';

interface FailureParts {
  title: string;
  /** What happened, and mostly what to do about it. */
  message: string;
  remedy?: string;
  status?: number | undefined;
  /** The collector's error code, when the collector answered. */
  code?: string;
  /** Mistakes in single fields of what was sent. */
  fields?: ReadonlyArray<{ path: string; message: string }>;
  suggestions?: readonly string[];
  /** What came back, as it came. */
  body?: unknown;
}

/** A request that failed, in words for the person at the screen. */
export class Failure extends Error {
  readonly title: string;
  readonly remedy: string | undefined;
  readonly status: number | undefined;
  readonly code: string | undefined;
  readonly fields: ReadonlyArray<{ path: string; message: string }>;
  readonly suggestions: readonly string[];
  readonly body: unknown;

  constructor({ title, message, remedy, status, code, fields = [], suggestions = [], body }: FailureParts) {
    super(message);
    this.name = 'Failure';
    this.title = title;
    this.remedy = remedy;
    this.status = status;
    this.code = code;
    this.fields = fields;
    this.suggestions = suggestions;
    this.body = body;
  }

  /** Nobody answered, or said to be busy: asking again may help. */
  get transient(): boolean {
    return this.status === undefined || this.status === 429 || this.status >= 502;
  }
}

/** The data source plugin's own problems carry the bare words of their HTTP status as title. */
const TITLES: Record<string, string> = {
  collector_settings: 'The data source is not set up',
  collector_connection: 'The collector cannot be reached',
};

/** Any thrown value as a failure. The collector's problems (RFC 9457) speak for themselves; Grafana's own answers get words here. */
export function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (!isFetchError(thrown))
    return new Failure({ title: 'Something went wrong', message: thrown instanceof Error ? thrown.message : String(thrown) });
  const { status, data } = thrown as { status: number | undefined; data: unknown };
  if (isProblem(data)) {
    const { title, detail, remedy, code, errors, suggestions } = data;
    return new Failure({
      title: TITLES[code] ?? title,
      message: detail,
      remedy,
      code,
      body: data,
      status,
      ...(errors && { fields: errors }),
      ...(suggestions && { suggestions }),
    });
  }
  return new Failure({ ...wordsOf(status, messageIn(data)), status: status || undefined, body: data });
}

const isProblem = (data: unknown): data is Problem =>
  typeof data === 'object' &&
  data !== null &&
  'detail' in data &&
  typeof data.detail === 'string' &&
  'code' in data &&
  'title' in data &&
  'remedy' in data;

const messageIn = (data: unknown): string | undefined =>
  typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string' && data.message !== ''
    ? data.message
    : undefined;

function wordsOf(status: number | undefined, message: string | undefined): Pick<FailureParts, 'title' | 'message' | 'remedy'> {
  switch (status) {
    case undefined:
    case 0:
      return {
        title: 'Grafana does not answer',
        message: 'The request got no answer.',
        remedy: 'Check your network and whether Grafana runs, then try again.',
      };
    case 401:
      return { title: 'Not signed in', message: message ?? 'Your session has ended.', remedy: 'Reload the page and sign in again.' };
    case 403:
      return {
        title: 'Not allowed',
        message: message ?? 'Grafana refused the request.',
        remedy: 'Ask an Admin of this organisation for a role that may do this, and for permission to query the AMC data source.',
      };
    case 404:
      return {
        title: 'Not found',
        message: message ?? 'Grafana does not know what was asked for.',
        remedy: 'Check in the app’s configuration that the chosen data source still exists.',
      };
    case 502:
    case 503:
    case 504:
      return {
        title: 'The collector cannot be reached',
        message: message ?? 'The data source got no answer from the collector.',
        remedy: 'Check that the collector runs and that the URL in the data source’s settings leads to it.',
      };
    default:
      return {
        title: 'Something went wrong',
        message: message ?? `Grafana answered with status ${status}.`,
        remedy: 'Try again. If it stays so, look into Grafana’s log.',
      };
  }
}
