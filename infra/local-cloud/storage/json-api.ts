import { type ApiRequest, readJson, sendJson } from './api-request.ts';
import { composeObject } from './compose.ts';
import { sendContent } from './download.ts';
import { notImplemented } from './errors.ts';
import { listObjects } from './list-objects.ts';
import type { ObjectStore } from './object-store.ts';
import { fieldsOf } from './upload.ts';

/** Handles the requests of the JSON API other than uploads. */
export async function answerApi(
  { request, response, route, query, body }: ApiRequest,
  store: ObjectStore,
): Promise<void> {
  const { bucket, objects, object, action } = route;
  const { method } = request;
  if (bucket === undefined) {
    if (method === 'GET') return sendJson(response, { kind: 'storage#buckets', items: store.listBuckets() });
    if (method === 'POST') return sendJson(response, store.createBucket(await readJson(body)));
  } else if (objects === undefined) {
    if (method === 'GET') return sendJson(response, store.bucket(bucket).resource);
  } else if (object === undefined) {
    const resources = [...store.bucket(bucket).objects.values()].map(({ resource }) => resource);
    if (method === 'GET') return sendJson(response, listObjects(resources, query));
  } else if (action === 'compose') {
    if (method === 'POST') {
      return sendJson(response, await composeObject(store, { bucket, name: object, query }, await readJson(body)));
    }
  } else if (method === 'GET') {
    const found = store.find(bucket, object, query);
    return query.get('alt') === 'media' ? sendContent(request, response, found) : sendJson(response, found.resource);
  } else if (method === 'PATCH') {
    const fields = fieldsOf(await readJson(body));
    return sendJson(response, store.patch(store.find(bucket, object, query), fields));
  } else if (method === 'DELETE') {
    await store.remove(store.find(bucket, object, query));
    response.writeHead(204).end();
    return;
  }
  throw notImplemented(`${method} ${request.url}`);
}
