import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { spool } from './spool.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

test('pieces that were read are let go while the rest of the file is still on its way', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'amc-reports-spool-'));
  const pieces: WeakRef<Buffer>[] = [];
  let kept = NaN;
  async function* source(): AsyncGenerator<Buffer> {
    yield Buffer.from('a,b\n');
    for (let index = 0; index < 100; index++) {
      const piece = Buffer.alloc(8_192, '1,2\n');
      pieces.push(new WeakRef(piece));
      yield piece;
    }
    // One may still be on its way to the disk, one in the reader's hands.
    do {
      await turn();
      collectGarbage();
      kept = pieces.filter((piece) => piece.deref() !== undefined).length;
    } while (kept >= 5);
    yield Buffer.from('3,4\n');
  }
  try {
    const part = await spool(source(), { directory, name: 'large.csv' }, {}, new AbortController().signal);
    expect(part.rows).toBe(100 * 2_048 + 1);
    expect(kept).toBeLessThan(5);
  } finally {
    await rm(directory, { recursive: true });
  }
});
