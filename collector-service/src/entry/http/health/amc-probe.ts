import { CollectorError } from '../../../contract/error.ts';

/** Asks Amazon no more often than this, whoever looks at the health page. */
const KEEP_GOOD_MS = 60_000;
const KEEP_BAD_MS = 10_000;
const DEADLINE_MS = 5_000;

/** What the last check of a connection said: null when all is well. */
export type Verdict = CollectorError | null;

interface Kept {
  readonly at: number;
  readonly verdict: Promise<Verdict>;
}

/** Checks connections, keeping each verdict for a while; several askers share one check under way. */
export function createAmcProbe(
  check: (connectionId: string, signal: AbortSignal) => Promise<void>,
  now: () => number = () => performance.now(),
) {
  const kept = new Map<string, Kept & { keepMs: number }>();

  return function probe(connectionId: string): Promise<Verdict> {
    const known = kept.get(connectionId);
    if (known && now() - known.at < known.keepMs) return known.verdict;
    const entry = { at: now(), keepMs: KEEP_GOOD_MS, verdict: judge(connectionId) };
    void entry.verdict.then((verdict) => {
      if (verdict) entry.keepMs = KEEP_BAD_MS;
    });
    kept.set(connectionId, entry);
    return entry.verdict;
  };

  async function judge(connectionId: string): Promise<Verdict> {
    const signal = AbortSignal.timeout(DEADLINE_MS);
    try {
      await Promise.race([check(connectionId, signal), whenAborted(signal)]);
      return null;
    } catch (error) {
      if (error instanceof CollectorError) return error;
      return new CollectorError('internal', 'The check of the connection failed unexpectedly.', { cause: error });
    }
  }
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () =>
      reject(new CollectorError('amc_unreachable', `Amazon did not answer within ${DEADLINE_MS / 1000} seconds.`)),
    );
  });
export type AmcProbe = ReturnType<typeof createAmcProbe>;
