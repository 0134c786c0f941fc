import { type ApiRequest, readJson, sendJson } from './api-request.ts';
import { notImplemented } from './errors.ts';
import { readMultipart } from './multipart.ts';
import type { ObjectStore } from './object-store.ts';
import type { ResumableUploads } from './resumable.ts';
import { type UploadMetadata, uploadAtOnce } from './upload.ts';

/**
 * Handles the requests under `/upload`: a single-request upload (media, multipart), or the start, a chunk or the
 * cancellation of a resumable one.
 */
export async function answerUpload(api: ApiRequest, store: ObjectStore, uploads: ResumableUploads): Promise<void> {
  const { request, response, query, body } = api;
  const hashHeader = request.headers['x-goog-hash']?.toString();
  const uploadId = query.get('upload_id');
  switch (`${request.method} ${uploadId === null ? query.get('uploadType') : 'session'}`) {
    case 'POST media': {
      const metadata = { contentType: request.headers['content-type'] ?? 'application/octet-stream' };
      const uploaded = { metadata, media: body, hashHeader };
      return sendJson(response, await uploadAtOnce(store, destinationOf(api, metadata), uploaded));
    }
    case 'POST multipart': {
      const { metadata, media } = await readMultipart(body, request.headers['content-type'] ?? '');
      const uploaded = { metadata, media, hashHeader };
      return sendJson(response, await uploadAtOnce(store, destinationOf(api, metadata), uploaded));
    }
    case 'POST resumable':
      return startSession(api, uploads);
    case 'PUT session': {
      const { 'content-range': contentRange } = request.headers;
      const progress = await uploads.send(uploadId as string, { contentRange, hashHeader, body });
      if ('object' in progress) return sendJson(response, progress.object);
      const range = progress.committedBytes > 0 && { range: `bytes=0-${progress.committedBytes - 1}` };
      response.writeHead(308, 'Resume Incomplete', { 'content-length': 0, ...range }).end();
      return;
    }
    case 'DELETE session':
      await uploads.cancel(uploadId as string);
      response.writeHead(499, 'Client Closed Request', { 'content-length': 0 }).end();
      return;
    default:
      throw notImplemented(`${request.method} ${request.url}`);
  }
}

async function startSession(api: ApiRequest, uploads: ResumableUploads): Promise<void> {
  const { request, response, body } = api;
  const contentType = request.headers['x-upload-content-type']?.toString();
  const metadata: UploadMetadata = { ...(contentType !== undefined && { contentType }), ...(await readJson(body)) };
  const id = await uploads.start(destinationOf(api, metadata), metadata);
  const session = new URL(request.url ?? '', `http://${request.headers.host}`);
  session.searchParams.set('upload_id', id);
  response.writeHead(200, { location: session.href, 'content-length': 0 }).end();
}

function destinationOf({ route, query }: ApiRequest, metadata: UploadMetadata) {
  return { bucket: route.bucket ?? '', name: query.get('name') ?? metadata.name ?? '', query };
}
