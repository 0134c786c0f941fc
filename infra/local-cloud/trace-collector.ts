import type { IncomingMessage } from 'node:http';
import { startHttpServer } from './http-server.ts';
import { type CollectedSpan, spansIn } from './otlp.ts';

/**
 * A local trace collector for OTLP over HTTP in protobuf, like Google's, but uncompressed and without a token. It keeps
 * the latest traces in memory, each up to a number of spans, and serves a trace's spans as JSON at `GET /traces/<id>`.
 */
export interface TraceCollector {
  /** The URL to which spans are sent. */
  readonly endpoint: string;
  readonly url: string;
  /** The received spans of a trace, in the order of their start. */
  spansOf(traceId: string): CollectedSpan[];
  close(): Promise<void>;
}

export async function startTraceCollector({ maxTraces = 200, maxSpans = 1000 } = {}): Promise<TraceCollector> {
  const traces = new Map<string, CollectedSpan[]>();

  const keep = (span: CollectedSpan) => {
    const spans = traces.get(span.traceId) ?? [];
    if (spans.length < maxSpans) spans.push(span);
    // Moved to the end, so that the first trace is the least recently updated.
    traces.delete(span.traceId);
    traces.set(span.traceId, spans);
    const [oldest] = traces.keys();
    if (traces.size > maxTraces && oldest !== undefined) traces.delete(oldest);
  };

  const spansOf = (traceId: string) => (traces.get(traceId) ?? []).toSorted((one, other) => one.start - other.start);

  const server = await startHttpServer(async (request, response) => {
    const { method, url = '' } = request;
    const type = { 'content-type': 'application/json' };
    if (method === 'POST' && url === '/v1/traces') {
      const spans = await read(request);
      spans?.forEach(keep);
      // An empty message is an empty ExportTraceServiceResponse.
      response.writeHead(spans ? 200 : 400, { 'content-type': 'application/x-protobuf' }).end();
    } else if (method === 'GET' && url.startsWith('/traces/')) {
      response.writeHead(200, type).end(JSON.stringify(spansOf(url.slice('/traces/'.length))));
    } else response.writeHead(404, type).end(JSON.stringify({ error: 'not found' }));
  });
  return { endpoint: `${server.url}/v1/traces`, url: server.url, spansOf, close: server.close };
}

/** The spans of a request, or undefined if it cannot be parsed. */
async function read(request: IncomingMessage): Promise<CollectedSpan[] | undefined> {
  if (request.headers['content-type'] !== 'application/x-protobuf') return undefined;
  try {
    return spansIn(Buffer.concat(await request.toArray()));
  } catch {
    return undefined;
  }
}
