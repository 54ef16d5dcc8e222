import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { createMergeFixture, type MergeFixture } from '@amc-reports/test-support/store/merge-fixture.ts';
import { compressParts, storedFiles, type CompressedParts } from './result-files.ts';

const MB = 1024 * 1024;
let fixture: MergeFixture;
let directory: string;
beforeAll(async () => {
  fixture = await createMergeFixture();
  directory = await mkdtemp(join(tmpdir(), 'amc-reports-files-'));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
  await fixture.close();
});

/** Bytes that no compression makes fewer. */
const noise = (bytes: number, seed: string): Buffer =>
  Buffer.concat(
    Array.from({ length: Math.ceil(bytes / 32) }, (_, index) => createHash('sha256').update(`${seed} ${index}`).digest()),
  ).subarray(0, bytes);

test('files of many chunks are kept byte for byte, several of them packed at once', async () => {
  const files = [2 * MB + 700_000, 1, MB, 3 * MB].map((bytes, index) => noise(bytes, String(index)));
  const parts = await Promise.all(
    files.map(async (content, index) => {
      const path = join(directory, `${index}.csv`);
      await writeFile(path, content);
      return { path };
    }),
  );
  const { id } = await fixture.newInstance();
  const runs = files.map((_, index) => String(index + 1));
  // All of them begin before one is stored, so they pack side by side.
  const packing = parts.map((part) => compressParts([part]));
  await Promise.all(runs.map((runId, index) => fixture.store.transaction((tx) => packing[index]!.store(tx, { instanceId: id, runId }))));

  for (const [index, runId] of runs.entries()) {
    const kept = await fixture.store.transaction(async (tx) => buffer((await storedFiles(tx, id, runId))[0]!.open()));
    expect(kept.equals(files[index]!)).toBe(true);
  }
  const { rows } = await fixture.store.pool.query<{ sizes: number[] }>(
    `SELECT array_agg(octet_length(packed) ORDER BY chunk) AS sizes FROM result_files WHERE instance_id = $1 GROUP BY run_id ORDER BY run_id`,
    [id],
  );
  expect(rows.map(({ sizes }) => sizes.slice(0, -1))).toEqual([[MB, MB], [], [MB], [MB, MB, MB]]);
  expect(rows.every(({ sizes }) => sizes.at(-1)! <= MB)).toBe(true);
});

test('short files packed side by side keep their own bytes', async () => {
  // Shorter than what a packer takes without saying that it is busy, so reading such a file ends before its packing.
  const files = Array.from({ length: 40 }, (_, index) => noise(60_000, `short ${index}`));
  const { id } = await fixture.newInstance();
  const packing: CompressedParts[] = [];
  const paths = files.map((_, index) => join(directory, `short-${index}.csv`));
  for (const [index, path] of paths.entries()) await writeFile(path, files[index]!);
  for (const path of paths) {
    packing.push(compressParts([{ path }]));
    await setImmediate();
  }
  await fixture.store.transaction(async (tx) => {
    for (const [index, packed] of packing.entries()) await packed.store(tx, { instanceId: id, runId: String(index + 1) });
    for (const [index, content] of files.entries()) {
      const kept = await buffer((await storedFiles(tx, id, String(index + 1)))[0]!.open());
      expect(kept.equals(content)).toBe(true);
    }
  });
});
