import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

test.each([0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 5])(
  'a file of %i bytes comes as it is',
  async (bytes) => {
    const { path, content } = await fileOf(bytes);
    for (const start of [0, 1, bytes - 1, bytes, bytes + 1].filter((each) => each >= 0)) {
      const copies: Buffer[] = [];
      for await (const piece of filePieces(path, start)) copies.push(Buffer.from(piece));
      expect(Buffer.concat(copies).equals(content.subarray(start))).toBe(true);
    }
  },
);

test('all pieces lie in one buffer, unless somebody still holds the last one', async () => {
  const { path, content } = await fileOf(3 * PIECE_BYTES + 5);
  const memoryOf = async (isFree?: () => boolean) => {
    const pieces: Buffer[] = [];
    for await (const piece of filePieces(path, 0, isFree)) pieces.push(piece);
    return { buffers: new Set(pieces.map(({ buffer }) => buffer)).size, whole: Buffer.concat(pieces).equals(content) };
  };
  expect(await memoryOf()).toEqual({ buffers: 1, whole: false });
  expect(await memoryOf(() => false)).toEqual({ buffers: 4, whole: true });
});

test('the next file is read into the same buffer, unless somebody still holds what was in it', async () => {
  const { path, content } = await fileOf(PIECE_BYTES + 5);
  const lastOf = async (isFree?: () => boolean): Promise<Buffer> => {
    let last = Buffer.alloc(0);
    for await (const piece of filePieces(path, 0, isFree)) last = piece as Buffer<ArrayBuffer>;
    return last;
  };
  const given = await lastOf();
  expect((await lastOf()).buffer).toBe(given.buffer);
  const held = await lastOf(() => false);
  const one = filePieces(path);
  const stopped = (await one.next()).value as Buffer;
  await one.return(undefined);
  const reader = filePieces(path);
  const beside = (await reader.next()).value as Buffer;
  await Promise.all([lastOf(), lastOf()]);
  for await (const piece of reader) expect(piece.buffer).toBe(beside.buffer);
  expect(held.equals(content.subarray(PIECE_BYTES))).toBe(true);
  expect(stopped.equals(content.subarray(0, PIECE_BYTES))).toBe(true);
});

test('a file that is not read to its end is closed', async () => {
  const { path } = await fileOf(3 * PIECE_BYTES + 5);
  const open = async () => (await readdir('/proc/self/fd')).length;
  const before = await open();
  for (let round = 0; round < 5; round++) for await (const piece of filePieces(path)) if (piece.length > 0) break;
  expect(await open()).toBe(before);
});

test('a file that is not there is an error', async () => {
  await expect(filePieces(join(directory, 'none.csv')).next()).rejects.toMatchObject({ code: 'ENOENT' });
});
