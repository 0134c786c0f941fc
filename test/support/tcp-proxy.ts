import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP proxy in front of a server on this machine, with which a test injects network faults. */
export interface TcpProxy {
  readonly port: number;
  /** Closes the connections and refuses new ones. */
  refuse(): Promise<void>;
  /**
   * From now on, each connection, open or new, receives only `bytes` more of the server's data, and the rest after
   * `restore`. In the meantime, the server is blocked as it would be by a client that does not read.
   */
  holdReplies(bytes: number): void;
  /**
   * From now on, the server receives nothing from any connection until `restore`. Data held for a connection that
   * closes is lost.
   */
  holdRequests(): void;
  /**
   * The connections that are open stay open and transfer nothing any more, as after a failover that nobody told the
   * client of. New connections are not affected.
   */
  strand(): void;
  /** Accepts connections again on the same port, and forwards held data. */
  restore(): Promise<void>;
  close(): Promise<void>;
}

interface Hold {
  of: 'requests' | 'replies';
  /** The number of bytes that each connection may still receive. */
  left: WeakMap<Socket, number>;
  bytes: number;
  released: Promise<void>;
  release: () => void;
}

export async function startTcpProxy(serverPort: number): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  const stranded = new WeakSet<Socket>();
  let hold: Hold | undefined;

  const passReplies = async (server: Socket, client: Socket) => {
    for await (const chunk of server) {
      if (hold?.of === 'replies') {
        const left = (hold.left.get(server) ?? hold.bytes) - chunk.length;
        hold.left.set(server, left);
        if (left < 0) await hold.released;
      }
      if (!stranded.has(client)) client.write(chunk);
    }
    client.end();
  };

  const passRequests = async (client: Socket, server: Socket) => {
    for await (const chunk of client) {
      if (hold?.of === 'requests') await hold.released;
      if (!stranded.has(client)) server.write(chunk);
    }
    server.end();
  };

  const listener = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1');
    clients.add(client);
    client
      .on('error', () => {})
      .on('close', () => {
        clients.delete(client);
        server.destroy();
      });
    server.on('error', () => {});
    passRequests(client, server).catch(() => server.destroy());
    passReplies(server, client).catch(() => client.destroy());
  });
  const listen = async (port: number) => {
    listener.listen(port, '127.0.0.1');
    await once(listener, 'listening');
    return (listener.address() as AddressInfo).port;
  };
  const refuse = async () => {
    const closed = once(listener, 'close');
    listener.close();
    for (const client of clients) client.destroy();
    await closed;
  };

  const begin = (what: Pick<Hold, 'of' | 'bytes'>) => {
    release();
    const { promise: released, resolve } = Promise.withResolvers<void>();
    hold = { ...what, left: new WeakMap(), released, release: resolve };
  };
  const port = await listen(0);
  const release = () => {
    hold?.release();
    hold = undefined;
  };
  return {
    port,
    refuse,
    holdReplies: (bytes) => begin({ of: 'replies', bytes }),
    holdRequests: () => begin({ of: 'requests', bytes: 0 }),
    strand() {
      for (const client of clients) stranded.add(client);
    },
    async restore() {
      release();
      if (!listener.listening) await listen(port);
    },
    async close() {
      release();
      if (listener.listening) await refuse();
    },
  };
}
