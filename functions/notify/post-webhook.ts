import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { publicLookup, type Resolve, refusePrivateLiteral } from './public-address.ts';
import type { SignedWebhook } from './webhook.ts';

export interface PostOptions {
  /** Whether any address will do. */
  allowPrivate: boolean;
  /** For name, connection, request and answer together. */
  timeoutMs: number;
  resolve?: Resolve;
}

/** What an endpoint answers is not read; as much is let in as lets an honest one finish. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Posts to an endpoint and resolves to the status it answers with; a redirect is an answer like any other, and not followed. Rejects with ADDRESS_REFUSED if the endpoint is at an address
 * that is not public and may not be, for good if it is written so; with any other error when there is no answer in time.
 */
export async function postWebhook(url: string, webhook: SignedWebhook, options: PostOptions): Promise<number> {
  const { allowPrivate, timeoutMs, resolve } = options;
  const target = new URL(url);
  if (!allowPrivate) refusePrivateLiteral(target);
  const { promise, resolve: answered, reject } = Promise.withResolvers<number>();
  let status: number | undefined;
  const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(
    target,
    {
      method: 'POST',
      headers: { ...webhook.headers, 'user-agent': 'report-download-center' },
      // A connection that was kept open would be reused without its address being looked at.
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(allowPrivate ? {} : { lookup: publicLookup(resolve) }),
    },
    (response) => {
      const { statusCode = 0 } = response;
      status = statusCode;
      let left = MAX_ANSWER_BYTES;
      response.on('data', (chunk: Buffer) => {
        left -= chunk.length;
        if (left < 0) response.destroy();
      });
      response.on('error', () => {}).on('close', () => answered(statusCode));
    },
  );
  // Once there is a status it stands, whatever becomes of the rest.
  request.on('error', (error) => (status === undefined ? reject(error) : answered(status)));
  request.end(webhook.body);
  return promise;
}
