import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { PostOptions, SignedWebhook } from '../../ports/webhook-sender.ts';
import { publicLookup, type Resolve, refusePrivateLiteral } from './public-address.ts';

/** The response body is not used; this much of it is accepted so that a well-behaved endpoint can finish sending. */
const MAX_ANSWER_BYTES = 64 * 1024;

/**
 * Implements PostWebhook; see the port. `resolve` looks up a host's addresses, with the system's resolver by default.
 */
export async function postWebhook(
  url: string,
  webhook: SignedWebhook,
  options: PostOptions & { resolve?: Resolve },
): Promise<number> {
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
      // A connection that is kept open would be reused without a check of its address.
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
  // Once the status is known, it is the result, whatever happens to the rest of the response.
  request.on('error', (error) => (status === undefined ? reject(error) : answered(status)));
  request.end(webhook.body);
  return promise;
}
