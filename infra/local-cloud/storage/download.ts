import { open } from 'node:fs/promises';
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { noSuchObject, rangeNotSatisfiable } from './errors.ts';
import type { ObjectResource, StoredObject } from './object-store.ts';

/** Responds to GET and HEAD with the content, or with one requested range. `overrides` replace headers. */
export async function sendContent(
  request: IncomingMessage,
  response: ServerResponse,
  { resource, path }: StoredObject,
  overrides: OutgoingHttpHeaders = {},
): Promise<void> {
  const size = Number(resource.size);
  const range = parseRange(request.headers.range, size);
  const { start, end } = range ?? { start: 0, end: size - 1 };
  const headers = {
    ...headersOf(resource),
    'content-length': end - start + 1,
    ...(range && { 'content-range': `bytes ${start}-${end}/${size}` }),
    ...overrides,
  };
  // Opened before the response starts: the file of a replaced version is deleted, but remains readable once open.
  const file = await open(path).catch(() => {
    throw noSuchObject(`${resource.bucket}/${resource.name}`);
  });
  try {
    response.writeHead(range ? 206 : 200, headers);
    if (request.method === 'HEAD' || end < start) response.end();
    else await pipeline(file.createReadStream({ start, end, highWaterMark: 1024 * 1024 }), response);
  } finally {
    await file.close();
  }
}

function headersOf(resource: ObjectResource): OutgoingHttpHeaders {
  const { contentEncoding, contentDisposition, contentLanguage } = resource;
  return {
    'content-type': resource.contentType ?? 'application/octet-stream',
    'cache-control': resource.cacheControl ?? 'private, max-age=0',
    'accept-ranges': 'bytes',
    etag: `"${resource.etag}"`,
    'last-modified': new Date(resource.updated).toUTCString(),
    'x-goog-generation': resource.generation,
    'x-goog-metageneration': resource.metageneration,
    'x-goog-hash': `crc32c=${resource.crc32c}`,
    'x-goog-stored-content-length': resource.size,
    'x-goog-stored-content-encoding': contentEncoding ?? 'identity',
    ...(contentEncoding && { 'content-encoding': contentEncoding }),
    ...(contentDisposition && { 'content-disposition': headerValue(contentDisposition) }),
    ...(contentLanguage && { 'content-language': contentLanguage }),
  };
}

/** Encodes any text as a header value: its UTF-8 bytes. */
export const headerValue = (text: string) => Buffer.from(text).toString('latin1');

/** One inclusive range; undefined for the whole content, also if the header is malformed or names several ranges. */
function parseRange(header: string | undefined, size: number): { start: number; end: number } | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || match[0] === 'bytes=-') return undefined;
  const [from, to] = [match[1] as string, match[2] as string];
  const start = from === '' ? Math.max(size - Number(to), 0) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (start >= size || (from === '' && Number(to) === 0)) throw rangeNotSatisfiable();
  return start <= end ? { start, end } : undefined;
}
