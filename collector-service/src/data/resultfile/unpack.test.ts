import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { unpack, type Packing } from './unpack.ts';

const text = 'a,b\n1,2\n'.repeat(1000);
const packed: Record<Packing, Buffer> = { gzip: gzipSync(text), zstd: zstdCompressSync(text) };
/** Not events.once(): it would listen for errors too. */
const closed = (stream: Readable) => new Promise<void>((resolve) => stream.on('close', resolve));

describe.each(['gzip', 'zstd'] as const)('%s', (packing) => {
  const bytes = packed[packing];

  test('the bytes come as they were, in whatever pieces the source has them', async () => {
    expect((await buffer(unpack(Readable.from([bytes]), packing))).toString()).toBe(text);
    const single = [...bytes].map((byte) => Buffer.from([byte]));
    expect((await buffer(unpack(Readable.from(single), packing))).toString()).toBe(text);
  });

  test.each([
    ['cut after its first byte', bytes.subarray(0, 1), 'unexpected end of file'],
    ['cut in the middle', bytes.subarray(0, 20), 'unexpected end of file'],
    ['something else', Buffer.from('<html>Sorry</html>'), /incorrect header check|Unknown frame descriptor/],
  ])('a file that is %s fails where it is read, however late its reader comes', async (_, broken, message) => {
    const plain = unpack(Readable.from([broken]), packing);
    await closed(plain);
    await expect(buffer(plain)).rejects.toThrow(message);
  });

  test('a source that breaks ends the reader with its error', async () => {
    const source = Readable.from(
      (function* () {
        yield bytes.subarray(0, 20);
        throw new Error('connection lost');
      })(),
    );
    await expect(buffer(unpack(source, packing))).rejects.toThrow('connection lost');
  });

  test('a reader that stops closes the source', async () => {
    const source = new Readable({ read() {} });
    source.push(bytes.subarray(0, 20));
    const left = closed(source);
    unpack(source, packing).destroy();
    await left;
    expect(source.destroyed).toBe(true);
  });
});
