import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Timeline {
  /** One line: milliseconds since the start, what, and whatever belongs to it. */
  note(event: string, details?: Record<string, unknown>): void;
  elapsedMs(): number;
  close(): Promise<void>;
}

export function openTimeline(path: string): Timeline {
  mkdirSync(dirname(path), { recursive: true });
  const file = createWriteStream(path);
  const start = performance.now();
  const elapsedMs = (): number => Math.round(performance.now() - start);
  return {
    note: (event, details = {}) => void file.write(`${JSON.stringify({ ms: elapsedMs(), event, ...details })}\n`),
    elapsedMs,
    close: () => new Promise((resolve) => file.end(() => resolve())),
  };
}
