import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Notification {
  status: 'firing' | 'resolved';
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** What Grafana sends to a contact point of type webhook, the newest word about each alert. */
export interface Webhook {
  url: string;
  /** By title and labels of the alert. */
  received: Map<string, Notification>;
  close(): void;
}

export async function listen(): Promise<Webhook> {
  const received = new Map<string, Notification>();
  const server = createServer((request, response) => {
    void read(request).then((body) => {
      for (const alert of (JSON.parse(body) as { alerts: Notification[] }).alerts) received.set(JSON.stringify(alert.labels), alert);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function read(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  return body;
}
