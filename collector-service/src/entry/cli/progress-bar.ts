import type { WriteStream } from 'node:tty';
import type { WindowKind } from '../../contract/window.ts';
import { windowNoun } from '../../ground/calendar/window-words.ts';

export interface Progress {
  done: number;
  total: number;
  /** Weeks that need a person: failed or held. */
  stuck: number;
  /** Left out where Amazon has no part in it. */
  inFlight?: number;
  rows: number;
  /** What is counted; weeks when left out. */
  windows?: readonly WindowKind[];
}

const WIDTH = 30;

/** One line: bar, share, what is happening, rows and an estimate. Pure, so that its words can be tested. */
export function progressLine(progress: Progress, elapsedMs: number): string {
  const share = progress.total === 0 ? 1 : progress.done / progress.total;
  const filled = Math.round(share * WIDTH);
  const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`;
  const seconds = Math.max(1, Math.round(elapsedMs / 1000));
  const left = share > 0.02 && share < 1 ? `, about ${duration((seconds / share) * (1 - share))} left` : '';
  const stuck = progress.stuck > 0 ? `, ${progress.stuck} need attention` : '';
  const atAmazon = progress.inFlight === undefined ? '' : `, ${progress.inFlight} at Amazon`;
  return `${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${progress.done}/${progress.total} ${windowNoun(progress.total, progress.windows ?? ['week'])}${atAmazon}${stuck}, ${progress.rows.toLocaleString('en')} rows${left}`;
}

export const duration = (seconds: number): string =>
  seconds < 90
    ? `${Math.max(1, Math.round(seconds))} s`
    : seconds < 5400
      ? `${Math.round(seconds / 60)} min`
      : `${(seconds / 3600).toFixed(1)} h`;

/** Draws the line over itself on a terminal; elsewhere (a log file, CI) prints a line whenever a tenth more is done. */
export function createProgressBar(out: WriteStream | NodeJS.WritableStream, started = Date.now()) {
  const isTerminal = 'isTTY' in out && out.isTTY === true;
  let lastTenth = -1;
  return {
    draw(progress: Progress): void {
      const line = progressLine(progress, Date.now() - started);
      if (isTerminal) {
        out.write(`\r\u001b[2K${line.slice(0, (out as WriteStream).columns || 120)}`);
        return;
      }
      const tenth = progress.total === 0 ? 10 : Math.floor((progress.done / progress.total) * 10);
      if (tenth === lastTenth) return;
      lastTenth = tenth;
      out.write(`${line}\n`);
    },
    end(): void {
      if (isTerminal) out.write('\n');
    },
  };
}
