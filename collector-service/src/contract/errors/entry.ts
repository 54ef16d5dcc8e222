/** What happens next: transient errors are retried with back-off, throttled ones when Amazon says so, terminal ones stop, data errors hold the week for a person, bugs are ours. */
export type ErrorKind = 'transient' | 'throttled' | 'terminal' | 'data' | 'bug';

/** All that is known of an error by its code alone. Every text is one or more whole sentences, but the title. */
export interface ErrorEntry {
  readonly kind: ErrorKind;
  /** HTTP status when the error reaches an API caller. */
  readonly status: number;
  readonly title: string;
  /** Why it happens. */
  readonly cause: string;
  /** What a person does about it. */
  readonly remedy: string;
}
