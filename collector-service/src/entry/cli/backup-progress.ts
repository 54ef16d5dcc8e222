import type { WriteStream } from 'node:tty';
import type { OnProgress, Progress } from '../../product/backup/context.ts';
import { formatBytes } from './bytes.ts';

const WORDS: Record<Progress['step'], string> = { checking: 'Checked', writing: 'Wrote', reading: 'Restored' };

/** Draws a line over itself on a terminal; elsewhere a line for each table that has rows. */
export function backupProgress(out: WriteStream | NodeJS.WritableStream): { onProgress: OnProgress; end(): void } {
  const isTerminal = 'isTTY' in out && out.isTTY === true;
  const sums = new Map<Progress['step'], { rows: number; bytes: number }>();
  return {
    onProgress({ step, table, done, total, rows, bytes }) {
      const sum = sums.get(step) ?? { rows: 0, bytes: 0 };
      sums.set(step, { rows: sum.rows + rows, bytes: sum.bytes + bytes });
      const line = `${WORDS[step]} ${done}/${total} tables, ${(sum.rows + rows).toLocaleString('en')} rows, ${formatBytes(sum.bytes + bytes)}`;
      if (isTerminal) out.write(`\r\u001b[2K${line}: ${table}`);
      else if (rows > 0) out.write(`${line}: ${table}\n`);
    },
    end: () => void (isTerminal && out.write('\n')),
  };
}
