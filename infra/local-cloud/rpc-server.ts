import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { INamespace } from 'protobufjs';
import { transcoder } from './json-transcoding.ts';
import { RpcError } from './rpc-error.ts';

/**
 * Requests and responses are plain objects: fields in camelCase, 64-bit integers as numbers, enums as strings, bytes as
 * Buffers, absent scalars with their default, absent messages null.
 */
// biome-ignore lint/suspicious/noExplicitAny: each method declares its own request type; the wire cannot.
export type RpcMethods = Record<string, (request: any) => unknown>;

export interface LocalRpcServer {
  readonly port: number;
  /** Ends every call, and resolves at once. */
  close(): void;
}

/** What every HTTP/2 connection, and so every one of gRPC, begins with. */
const HTTP2_PREFACE = 'PRI *';

/**
 * Serves `services`, keyed by full name (`google.pubsub.v1.Publisher`), by the protos of the official client
 * `clientPackage`: on one port over gRPC and, where `transcoder` supports it, over HTTP and JSON, like Google's
 * emulators. A method that is not given responds with UNIMPLEMENTED.
 */
export async function startRpcServer(
  clientPackage: string,
  services: Record<string, RpcMethods>,
): Promise<LocalRpcServer> {
  const protos = readProtos(clientPackage);
  const grpc = createGrpcServer(protos, services);
  const http2 = grpc.createConnectionInjector(ServerCredentials.createInsecure());
  // It never listens: it is given its connections. Node's default would close a reused one after five seconds.
  const http1 = createHttpServer({ keepAliveTimeout: 600_000 }, transcoder(protos, services));
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => connections.delete(socket));
    socket.once('data', (start) => {
      // Whoever takes the connection over reads it from its beginning.
      socket.pause();
      socket.unshift(start);
      if (start.toString('latin1').startsWith(HTTP2_PREFACE)) http2.injectConnection(socket);
      else http1.emit('connection', socket.resume());
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      grpc.forceShutdown();
      for (const connection of connections) connection.destroy();
    },
  };
}

function createGrpcServer(protos: INamespace, services: Record<string, RpcMethods>): Server {
  // Above every message limit of the services, so that the service itself rejects an oversized request.
  const server = new Server({ 'grpc.max_receive_message_length': 32 * 1024 * 1024 });
  const definitions = fromJSON(protos, { longs: Number, enums: String, defaults: true });
  for (const [name, methods] of Object.entries(services)) {
    const handlers = Object.entries(methods).map(([method, run]) => [method, unary(run)] as const);
    server.addService(definitions[name] as ServiceDefinition, Object.fromEntries(handlers));
  }
  return server;
}

/** The tasks client does not export its protos.json, so its path is derived from that of the package's entry file. */
function readProtos(clientPackage: string): INamespace {
  const entry = createRequire(import.meta.url).resolve(clientPackage);
  // The last match: the checkout's own path may contain a folder of that name.
  const root = entry.slice(0, entry.lastIndexOf('/build/'));
  return JSON.parse(readFileSync(`${root}/build/protos/protos.json`, 'utf8'));
}

function unary(run: (request: unknown) => unknown): handleUnaryCall<unknown, unknown> {
  return async (call, callback) => {
    try {
      callback(null, await run(call.request));
    } catch (error) {
      const { message } = error as Error;
      callback({ code: error instanceof RpcError ? error.code : status.INTERNAL, details: message });
    }
  };
}

/** One page of `items`. The token is the index of the next page's first item, empty after the last page. */
export function pageOf<T>(items: T[], { pageSize, pageToken }: { pageSize: number; pageToken: string }) {
  const start = Number(pageToken || 0);
  const end = start + (pageSize || 100);
  return { page: items.slice(start, end), nextPageToken: end < items.length ? String(end) : '' };
}
