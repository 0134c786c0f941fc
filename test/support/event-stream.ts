import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';

export interface ServerSentEvent {
  event: string;
  // biome-ignore lint/suspicious/noExplicitAny: the tests assert what an event contains.
  data: any;
}

/** Opens a stream of Server-Sent Events. `await using` closes the connection. */
export async function openEventStream(url: string, headers: Record<string, string> = {}) {
  const asking = request(url, { headers }).end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const events: ServerSentEvent[] = [];
  let comments = 0;
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (text: string) => {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]));
      if (fields.has('event'))
        events.push({ event: fields.get('event') ?? '', data: JSON.parse(fields.get('data') ?? '') });
      else comments++;
    }
  });
  const ended = new Promise<void>((resolve) => response.once('close', resolve));
  return {
    status: response.statusCode,
    headers: response.headers,
    events,
    comments: () => comments,
    response,
    /** Resolves when the stream has ended, on either side. */
    ended,
    async [Symbol.asyncDispose]() {
      asking.destroy();
      await ended;
    },
  };
}
