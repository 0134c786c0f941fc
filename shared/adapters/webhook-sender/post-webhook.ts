import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { PostOptions, SignedWebhook } from '../../ports/webhook-sender.ts';
import { publicLookup, type Resolve, refusePrivateLiteral } from './public-address.ts';

/** What an endpoint answers is not read; as much is let in as lets an honest one finish. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** See the port. `resolve` finds a host's addresses: the system's way unless given. */
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
