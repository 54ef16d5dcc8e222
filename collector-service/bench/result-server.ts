import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, join } from 'node:path';

export interface ResultServer {
  urlOf(file: string): string;
  close(): Promise<void>;
}

/** Serves a folder's files as Amazon's download addresses would: plain bytes with their length. */
export async function serveResults(directory: string): Promise<ResultServer> {
  const server = createServer((request, response) => {
    const path = join(directory, basename(request.url ?? ''));
    stat(path).then(
      ({ size }) => {
        response.writeHead(200, { 'content-type': 'text/csv', 'content-length': size });
        createReadStream(path, { highWaterMark: 256 * 1024 }).pipe(response);
      },
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    urlOf: (file) => `http://127.0.0.1:${port}/${file}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}
