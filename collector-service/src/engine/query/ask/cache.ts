import { createHash } from 'node:crypto';

/** Rows of a statement, as arrays of column values. */
export type Rows = readonly unknown[][];

export interface QueryCacheOptions {
  /** Statements kept at most; 1,000 unless told. */
  maxEntries?: number;
  /** Estimated bytes kept at most; 64 MiB unless told. */
  maxBytes?: number;
}

export interface QueryCache {
  /**
   * The rows kept under a key, or those that `load` gives. The same key asked for twice at once is loaded once.
   * When a load fails, whoever waited for it loads for itself: the failure may be the other caller's (it hung up).
   */
  get(key: string, load: () => Promise<Rows>): Promise<{ rows: Rows; cached: boolean }>;
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Answers of statements, the least recently used dropped first. Nothing is ever invalidated: a key holds the data
 * versions of the weeks the statement reads, so that a merge makes another key (design.md §4.8).
 */
export function createQueryCache({ maxEntries = 1000, maxBytes = 64 * 1024 * 1024 }: QueryCacheOptions = {}): QueryCache {
  const kept = new Map<string, { rows: Rows; bytes: number }>();
  const loading = new Map<string, Promise<Rows>>();
  let bytes = 0;

  const keep = (key: string, rows: Rows): void => {
    const size = estimateBytes(rows) + key.length;
    if (size > maxBytes / 4) return;
    kept.set(key, { rows, bytes: size });
    bytes += size;
    for (const [oldest, entry] of kept) {
      if (kept.size <= maxEntries && bytes <= maxBytes) break;
      kept.delete(oldest);
      bytes -= entry.bytes;
    }
  };

  return {
    async get(key, load) {
      for (;;) {
        const found = kept.get(key);
        if (found !== undefined) {
          kept.delete(key);
          kept.set(key, found);
          return { rows: found.rows, cached: true };
        }
        const other = loading.get(key);
        if (other === undefined) break;
        const rows = await other.catch(() => null);
        if (rows !== null) return { rows, cached: true };
      }
      const mine = load();
      loading.set(key, mine);
      try {
        const rows = await mine;
        keep(key, rows);
        return { rows, cached: false };
      } finally {
        loading.delete(key);
      }
    },
    get entries() {
      return kept.size;
    },
    get bytes() {
      return bytes;
    },
  };
}

/** A key of the parts that decide an answer; each part is delimited, so that no two lists of parts meet. */
export const cacheKey = (...parts: unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('base64');

/** Rough size on the heap: 16 bytes a value, two for each character, and what an array costs. */
function estimateBytes(rows: Rows): number {
  let bytes = 0;
  for (const row of rows) {
    bytes += 32;
    for (const value of row) bytes += 16 + (typeof value === 'string' ? value.length * 2 : 0);
  }
  return bytes;
}
