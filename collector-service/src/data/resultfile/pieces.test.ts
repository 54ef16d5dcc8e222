import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { filePieces, PIECE_BYTES } from './pieces.ts';

let directory: string;
beforeAll(async () => (directory = await mkdtemp(join(tmpdir(), 'amc-reports-pieces-'))));
afterAll(() => rm(directory, { recursive: true }));

async function fileOf(bytes: number): Promise<{ path: string; content: Buffer }> {
  const content = Buffer.from(Array.from({ length: bytes }, (_, index) => (index * 7 + (index >> 8)) % 251));
  const path = join(directory, `${bytes}.csv`);
  await writeFile(path, content);
  return { path, content };
}

async function read(path: string, start?: number): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of filePieces(path, start)) pieces.push(piece);
  return pieces;
}

test.each([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 5])(
  'a file of %i bytes comes as it is',
  async (bytes) => {
    const { path, content } = await fileOf(bytes);
    for (const start of [0, 1, bytes - 1, bytes, bytes + 1].filter((each) => each >= 0))
      expect(Buffer.concat(await read(path, start)).equals(content.subarray(start))).toBe(true);
  },
);

test('every piece keeps its bytes, whatever is read after it and beside it', async () => {
  const { path, content } = await fileOf(3 * PIECE_BYTES + 5);
  const files = await Promise.all([read(path), read(path)]);
  const last = await read(path);
  for (const pieces of [...files, last]) expect(Buffer.concat(pieces).equals(content)).toBe(true);
  const memory = [...files, last].flat().map(({ buffer }) => buffer);
  expect(new Set(memory).size).toBe(memory.length);
});

test('a file that is not read to its end is closed', async () => {
  const { path } = await fileOf(3 * PIECE_BYTES + 5);
  const isOpen = async (): Promise<boolean> => {
    const targets = await Promise.all((await readdir('/proc/self/fd')).map((fd) => readlink(join('/proc/self/fd', fd)).catch(() => '')));
    return targets.includes(path);
  };
  for await (const piece of filePieces(path)) {
    expect(await isOpen()).toBe(true);
    if (piece.length > 0) break;
  }
  while (await isOpen()) await turn();
});

test('a file that is not there is an error', async () => {
  await expect(filePieces(join(directory, 'none.csv')).next()).rejects.toMatchObject({ code: 'ENOENT' });
});
