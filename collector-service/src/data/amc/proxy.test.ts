import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { failureOf, scriptedClient } from '@amc-reports/test-support/amc/scripted-client.ts';

const signal = new AbortController().signal;
const before = { HTTPS_PROXY: process.env.HTTPS_PROXY, HTTP_PROXY: process.env.HTTP_PROXY };
let proxy: Server;
let tunnels: string[];

beforeEach(async () => {
  tunnels = [];
  proxy = createServer();
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url!);
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  Object.assign(process.env, { HTTPS_PROXY: address, HTTP_PROXY: address });
});
afterEach(async () => {
  for (const [name, value] of Object.entries(before)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

test('Amazon is reached through HTTPS_PROXY', async () => {
  const { client, close } = await scriptedClient({ apiUrl: 'https://advertising-api.amazon.com' });
  expect(await failureOf(client.accounts.list(signal))).toMatchObject({ code: 'amc_unreachable', kind: 'transient' });
  expect(tunnels).toEqual(['advertising-api.amazon.com:443']);
  await close();
});

test('a server over plain http, such as the sandbox, is reached directly', async () => {
  const { amc, client, close } = await scriptedClient();
  amc.on('GET /amc/accounts', { json: { amcAccounts: [] } });
  expect(await client.accounts.list(signal)).toEqual([]);
  expect(tunnels).toEqual([]);
  await close();
});
