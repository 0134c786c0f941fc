import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { status } from '@grpc/grpc-js';
import { fromProto3JSON, type JSONValue, toProto3JSON } from 'proto3-json-serializer';
import protobuf, { type INamespace, type Method, type Type } from 'protobufjs';
import { invalidArgument, RpcError, unimplemented } from './rpc-error.ts';
import type { RpcMethods } from './rpc-server.ts';

interface Route {
  /** Its groups are fields of the request. */
  path: RegExp;
  method: Method;
  run: (request: unknown) => unknown;
}

/** The HTTP status for each gRPC status that the local cloud responds with (google/rpc/code.proto). */
const HTTP_STATUS: Partial<Record<status, number>> = {
  [status.INVALID_ARGUMENT]: 400,
  [status.OUT_OF_RANGE]: 400,
  [status.NOT_FOUND]: 404,
  [status.ALREADY_EXISTS]: 409,
  [status.UNIMPLEMENTED]: 501,
};

/**
 * Serves the methods over HTTP and JSON, by the HTTP rules of their protos (google/api/http.proto). Supported are the
 * methods that are a POST whose body is the whole request, such as `Publish` and `CreateTask`.
 */
export function transcoder(protos: INamespace, services: Record<string, RpcMethods>): RequestListener {
  const root = protobuf.Root.fromJSON(protos).resolveAll();
  const routes = Object.entries(services).flatMap(([name, methods]) =>
    root.lookupService(name).methodsArray.flatMap((method) => routeOf(method, methods)),
  );
  const answer = async (request: IncomingMessage): Promise<object> => {
    const path = decodeURIComponent(request.url ?? '');
    for (const { path: pattern, method, run } of request.method === 'POST' ? routes : []) {
      const fields = pattern.exec(path)?.groups;
      if (!fields) continue;
      const asked = requestOf(method.resolvedRequestType as Type, { ...(await readJson(request)), ...fields });
      return responseOf(method.resolvedResponseType as Type, await run(asked));
    }
    throw unimplemented(`Not in the local cloud: ${request.method} ${path}`);
  };
  return async (request, response) => {
    try {
      send(response, 200, await answer(request));
    } catch (error) {
      const code = error instanceof RpcError ? error.code : status.INTERNAL;
      const http = HTTP_STATUS[code] ?? 500;
      send(response, http, {
        error: { code: http, message: (error as Error).message, status: status[code] as string },
      });
    }
  };
}

function routeOf(method: Method, methods: RpcMethods): Route[] {
  const run = methods[method.name.charAt(0).toLowerCase() + method.name.slice(1)];
  const template: string | undefined = method.options?.['(google.api.http).post'];
  if (!run || !template || method.options?.['(google.api.http).body'] !== '*') return [];
  const path = template.replaceAll('*', '[^/]+').replaceAll(/\{(\w+)=([^}]+)\}/g, '(?<$1>$2)');
  return [{ path: new RegExp(`^${path}$`), method, run }];
}

async function readJson(request: IncomingMessage): Promise<object> {
  try {
    return (await json(request)) as object;
  } catch {
    throw invalidArgument('Invalid JSON payload received.');
  }
}

/** The request as the methods take it, see RpcMethods. */
function requestOf(type: Type, body: object): object {
  requireKnown(type, body);
  try {
    const message = fromProto3JSON(type, body as JSONValue);
    return type.toObject(message as NonNullable<typeof message>, { longs: Number, enums: String, defaults: true });
  } catch (error) {
    throw invalidArgument((error as Error).message);
  }
}

const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Rejects what Google rejects and the library ignores: unknown fields, and bytes that are not base64. */
function requireKnown(type: Type, body: object): void {
  for (const [name, value] of Object.entries(body)) {
    const field = type.fields[name]?.resolve();
    if (!field) throw invalidArgument(`Invalid JSON payload received. Unknown name "${name}": Cannot find field.`);
    for (const item of [value].flat()) {
      if (field.type === 'bytes' && !BASE64.test(item)) {
        throw invalidArgument(`Invalid value at '${name}' (TYPE_BYTES), Base64 decoding failed.`);
      }
      const isMessage = field.resolvedType instanceof protobuf.Type && !field.map;
      if (isMessage && typeof item === 'object' && item !== null) requireKnown(field.resolvedType as Type, item);
    }
  }
}

const responseOf = (type: Type, result: unknown) => toProto3JSON(type.fromObject(result as object)) as object;

function send(response: ServerResponse, code: number, body: object): void {
  response.writeHead(code, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}
