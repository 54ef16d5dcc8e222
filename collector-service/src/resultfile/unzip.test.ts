import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { unzip } from './unzip.ts';

const text = 'a,b\n1,2\n'.repeat(1000);
const bytes = gzipSync(text);
/** Not events.once(): it would listen for errors too. */
const closed = (stream: Readable) => new Promise<void>((resolve) => stream.on('close', resolve));

test('the bytes come as they were, in whatever pieces the source has them', async () => {
  expect((await buffer(unzip(Readable.from([bytes])))).toString()).toBe(text);
  const single = [...bytes].map((byte) => Buffer.from([byte]));
  expect((await buffer(unzip(Readable.from(single)))).toString()).toBe(text);
});

test.each([
  ['cut after its first byte', bytes.subarray(0, 1)],
  ['cut in the middle', bytes.subarray(0, 40)],
  ['no gzip', Buffer.from('<html>Sorry</html>')],
])('a file that is %s fails where it is read, however late its reader comes', async (_, broken) => {
  const plain = unzip(Readable.from([broken]));
  await closed(plain);
  await expect(buffer(plain)).rejects.toThrow(/unexpected end of file|incorrect header check/);
});

test('a source that breaks ends the reader with its error', async () => {
  const source = Readable.from(
    (function* () {
      yield bytes.subarray(0, 40);
      throw new Error('connection lost');
    })(),
  );
  await expect(buffer(unzip(source))).rejects.toThrow('connection lost');
});

test('a reader that stops closes the source', async () => {
  const source = new Readable({ read() {} });
  source.push(bytes.subarray(0, 40));
  const left = closed(source);
  unzip(source).destroy();
  await left;
  expect(source.destroyed).toBe(true);
});
