import { mkdir, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { StorageFaults } from '../faults.ts';
import { startHttpServer } from '../http-server.ts';
import { describeRequest, isApiPath, parseApiPath } from './api-request.ts';
import { headerValue, sendContent } from './download.ts';
import { notImplemented, StorageError, unavailable } from './errors.ts';
import { answerApi } from './json-api.ts';
import { ObjectStore } from './object-store.ts';
import { ResumableUploads } from './resumable.ts';
import { type Signer, verifySignedUrl } from './signed-url.ts';
import type { Body } from './upload.ts';
import { answerUpload } from './upload-api.ts';

/**
 * Cloud Storage over HTTP, as `@google-cloud/storage` speaks it to STORAGE_EMULATOR_HOST: the JSON API, and the XML
 * API's GET and HEAD of `/BUCKET/OBJECT` for V4 signed URLs.
 *
 * Supported: buckets (create, get, list); objects (media, multipart and resumable upload, get, download with one range,
 * list, patch, delete, compose); generations, metagenerations and the four preconditions; CRC-32C, computed and held
 * against the client's. Rejected as unsupported: copying, bucket changes, ACLs and IAM, every other XML request, V2
 * signatures. Silently missing: MD5, former versions, decompression on the way out, lifecycle rules, partial
 * responses (`fields`), authentication of the JSON API.
 *
 * Contents are files in `folder`, which is emptied at start; the index is in memory.
 */
export interface StorageServer {
  readonly port: number;
  readonly url: string;
  readonly faults: StorageFaults;
  close(): Promise<void>;
}

export async function startStorage({ folder, signer }: { folder: string; signer: Signer }): Promise<StorageServer> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const store = new ObjectStore(folder);
  const uploads = new ResumableUploads(store);
  const faults = new StorageFaults();

  const answerJson = async (
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ) => {
    const route = parseApiPath(path);
    const described = describeRequest(request.method ?? '', route, query);
    if (faults.takeOutage(described)) throw unavailable();
    const api = { request, response, route, query, body: bodyOf(request, faults.takeBreak(described)) };
    return route.area === 'upload' ? answerUpload(api, store, uploads) : answerApi(api, store);
  };

  const answerSigned = async (request: IncomingMessage, response: ServerResponse, path: string, queryText: string) => {
    const { method = '', headers } = request;
    verifySignedUrl({ method, path, query: queryText, headers }, signer);
    if (method !== 'GET' && method !== 'HEAD') throw notImplemented(`${method} ${path}`);
    const query = new URLSearchParams(queryText);
    const [, bucket = '', ...object] = path.split('/').map(decodeURIComponent);
    const disposition = query.get('response-content-disposition');
    const contentType = query.get('response-content-type');
    return sendContent(request, response, store.find(bucket, object.join('/'), query), {
      ...(disposition && { 'content-disposition': headerValue(disposition) }),
      ...(contentType && { 'content-type': headerValue(contentType) }),
    });
  };

  const server = await startHttpServer(async (request, response) => {
    // Not parsed as a URL, which would resolve dot segments that are part of an object's name.
    const [path = '', queryText = ''] = (request.url ?? '').split(/\?(.*)/s);
    const query = new URLSearchParams(queryText);
    const isApi = isApiPath(path);
    try {
      await (isApi ? answerJson(request, response, path, query) : answerSigned(request, response, path, queryText));
    } catch (error) {
      sendError(response, error, !isApi ? 'xml' : query.get('alt') === 'media' ? 'text' : 'json');
    }
    // The client reads the response only when the rest of its body has been consumed.
    request.resume();
  });
  return {
    port: server.port,
    url: server.url,
    faults,
    close: async () => {
      await server.close();
      await uploads.close();
    },
  };
}

/** The request's body. With a fault, the connection is closed after that many bytes. */
async function* bodyOf(request: IncomingMessage, breakAfter = Number.POSITIVE_INFINITY): Body {
  let left = breakAfter;
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (chunk.length > left) {
      if (left > 0) yield chunk.subarray(0, left);
      request.socket.destroy();
      throw new Error('The connection was cut by a fault.');
    }
    left -= chunk.length;
    yield chunk;
  }
}

const FORMS = {
  json: { type: 'application/json', body: (error: StorageError) => error.toJson() },
  text: { type: 'text/plain', body: (error: StorageError) => error.message },
  xml: { type: 'application/xml', body: (error: StorageError) => error.toXml() },
};

function sendError(response: ServerResponse, error: unknown, form: keyof typeof FORMS): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const internal = () => new StorageError(500, 'backendError', 'InternalError', (error as Error).message);
  const refusal = error instanceof StorageError ? error : internal();
  const { type, body } = FORMS[form];
  response.writeHead(refusal.status, { 'content-type': `${type}; charset=UTF-8` }).end(body(refusal));
}
