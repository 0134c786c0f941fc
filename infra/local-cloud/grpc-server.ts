import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type handleUnaryCall, Server, ServerCredentials, type ServiceDefinition, status } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';

/** The gRPC status of a rejected call. */
export class RpcError extends Error {
  readonly code: status;

  constructor(code: status, message: string) {
    super(message);
    this.code = code;
  }
}

export const invalidArgument = (message: string) => new RpcError(status.INVALID_ARGUMENT, message);
export const outOfRange = (message: string) => new RpcError(status.OUT_OF_RANGE, message);
export const notFound = (message: string) => new RpcError(status.NOT_FOUND, message);
export const alreadyExists = (message: string) => new RpcError(status.ALREADY_EXISTS, message);
export const unimplemented = (message: string) => new RpcError(status.UNIMPLEMENTED, message);

/**
 * Requests and responses are plain objects: fields in camelCase, 64-bit integers as numbers, enums as strings, bytes as
 * Buffers, absent scalars with their default, absent messages null.
 */
// biome-ignore lint/suspicious/noExplicitAny: each method declares its own request type; the wire cannot.
export type RpcMethods = Record<string, (request: any) => unknown>;

export interface LocalGrpcServer {
  readonly port: number;
  /** Ends every call, and resolves at once. */
  close(): void;
}

/**
 * Serves `services`, keyed by full name (`google.pubsub.v1.Publisher`), by the protos of the official client
 * `clientPackage`. A method that is not given responds with UNIMPLEMENTED.
 */
export async function startGrpcServer(
  clientPackage: string,
  services: Record<string, RpcMethods>,
): Promise<LocalGrpcServer> {
  // Above every message limit of the services, so that the service itself rejects an oversized request.
  const server = new Server({ 'grpc.max_receive_message_length': 32 * 1024 * 1024 });
  const definitions = fromJSON(readProtos(clientPackage), { longs: Number, enums: String, defaults: true });
  for (const [name, methods] of Object.entries(services)) {
    const handlers = Object.entries(methods).map(([method, run]) => [method, unary(run)] as const);
    server.addService(definitions[name] as ServiceDefinition, Object.fromEntries(handlers));
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

/** The tasks client does not export its protos.json, so its path is derived from that of the package's entry file. */
function readProtos(clientPackage: string) {
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
