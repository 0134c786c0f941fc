import type { IncomingMessage, ServerResponse } from 'node:http';
import type { StorageRequest } from '../faults.ts';
import { invalid } from './errors.ts';
import { parseMetadata } from './multipart.ts';
import type { Body } from './upload.ts';

/** A request of the JSON API, its path and query parsed. */
export interface ApiRequest {
  request: IncomingMessage;
  response: ServerResponse;
  route: ApiRoute;
  query: URLSearchParams;
  /** The request's body, subject to injected faults. */
  body: Body;
}

export interface ApiRoute {
  area?: 'upload' | 'download';
  bucket?: string;
  /** Present in paths that start with `/b/BUCKET/o`. */
  objects?: 'o';
  object?: string;
  action?: 'compose';
}

const ROUTE =
  /^(?:\/resumable)?(?:\/(?<area>upload|download))?(?:\/storage\/v1)?\/b(?:\/(?<bucket>[^/]+)(?:\/(?<objects>o)(?:\/(?<object>[^/]+)(?:\/(?<action>compose))?)?)?)?$/;

/**
 * With STORAGE_EMULATOR_HOST, the official client omits `/storage/v1` except for uploads; other clients do not, and
 * gcloud prefixes its uploads with `/resumable`. Any other path belongs to the XML API.
 */
export const isApiPath = (path: string) => ROUTE.test(path);

export function parseApiPath(path: string): ApiRoute {
  const present = Object.entries(ROUTE.exec(path)?.groups ?? {}).filter(([, text]) => text !== undefined);
  try {
    return Object.fromEntries(present.map(([name, text]) => [name, decodeURIComponent(text)]));
  } catch {
    throw invalid('Malformed percent-encoding.');
  }
}

export function describeRequest(method: string, route: ApiRoute, query: URLSearchParams): StorageRequest {
  const object = route.object ?? query.get('name');
  const uploadType = query.get('uploadType');
  return {
    method,
    ...(route.bucket !== undefined && { bucket: route.bucket }),
    ...(object !== null && { object }),
    ...(uploadType !== null && { uploadType }),
  };
}

// biome-ignore lint/suspicious/noExplicitAny: what a client sends; each route reads the fields it knows.
export async function readJson(body: Body): Promise<any> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return parseMetadata(Buffer.concat(chunks).toString());
}

export function sendJson(response: ServerResponse, value: object): void {
  response.writeHead(200, { 'content-type': 'application/json; charset=UTF-8' });
  response.end(JSON.stringify(value));
}
