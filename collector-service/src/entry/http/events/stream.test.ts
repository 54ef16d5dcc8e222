import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { setImmediate as breathe } from 'node:timers/promises';
import { openStream } from './stream.ts';

it('A listener that does not read is cut off, instead of filling the memory', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.on('error', () => undefined).pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const [, res] = (await once(server, 'request')) as [unknown, ServerResponse];

  const send = openStream(res, [], 1);
  let most = 0;
  while (!res.destroyed) {
    send([{ name: 'week', data: 'x'.repeat(100_000) }], 2);
    most = Math.max(most, res.writableLength);
    await breathe();
  }
  expect(most).toBeLessThan(1_300_000);
  expect(() => send([{ name: 'week', data: '{}' }], 3)).not.toThrow();
  socket.destroy();
  server.close();
});
