import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a network misbehaves between a client and the server behind the proxy. One at a time; {} is a good network. */
export interface NetworkFault {
  /** Every piece of data arrives this much later, in both directions. */
  latencyMs?: number;
  /** The connection is reset once the client has sent this text and then so many bytes more. */
  resetAfter?: { text: string; bytes: number };
  /** Once the client has sent this text, nothing of its connection arrives any more, in either direction, and nobody says so. */
  vanishAfter?: { text: string };
  /** What the server sends arrives at this pace. */
  bytesPerSecond?: number;
  /** The fault strikes so many times and never again; without end unless told. */
  times?: number;
}

export interface TcpProxy {
  port: number;
  behave(fault: NetworkFault): void;
  /** How often the present fault struck: pieces delayed or slowed, connections reset or gone. */
  fired(): number;
  close(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 in front of a server, with a network as bad as a test needs it. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let fault: NetworkFault = {};
  let fired = 0;
  const sockets = new Set<Socket>();
  const strikes = (): boolean => fired < (fault.times ?? Number.POSITIVE_INFINITY) && ++fired > 0;

  const server = createServer((client) => {
    const upstream = connect(target);
    let gone = false;
    let textSeen = false;
    let bytesAfter = 0;
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        if (!gone) other.destroy();
      });
    }

    const lookAt = (chunk: Buffer): void => {
      const { resetAfter, vanishAfter } = fault;
      const text = resetAfter?.text ?? vanishAfter?.text;
      if (text === undefined || gone) return;
      if (textSeen) bytesAfter += chunk.length;
      textSeen ||= chunk.includes(text);
      if (!textSeen || bytesAfter < (resetAfter?.bytes ?? 0) || !strikes()) return;
      gone = true;
      if (resetAfter) {
        client.resetAndDestroy();
        upstream.destroy();
      }
    };

    void forward(client, upstream, async (chunk) => {
      lookAt(chunk);
      await delay(fault, strikes);
      return gone ? [] : [chunk];
    });
    void forward(upstream, client, async (chunk) => {
      await delay(fault, strikes);
      const { bytesPerSecond } = fault;
      return gone ? [] : bytesPerSecond !== undefined && strikes() ? trickle(chunk, bytesPerSecond) : [chunk];
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    behave(next) {
      fault = next;
      fired = 0;
    },
    fired: () => fired,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const delay = async ({ latencyMs }: NetworkFault, strikes: () => boolean): Promise<void> => {
  if (latencyMs !== undefined && strikes()) await sleep(latencyMs);
};

async function forward(from: Socket, to: Socket, shape: (chunk: Buffer) => Promise<Iterable<Buffer> | AsyncIterable<Buffer>>) {
  try {
    for await (const chunk of from)
      for await (const piece of await shape(chunk as Buffer)) {
        if (to.destroyed) return;
        to.write(piece);
      }
    to.end();
  } catch {
    to.destroy();
  }
}

async function* trickle(chunk: Buffer, bytesPerSecond: number): AsyncGenerator<Buffer> {
  for (const byte of chunk) {
    yield Buffer.of(byte);
    await sleep(1000 / bytesPerSecond);
  }
}
