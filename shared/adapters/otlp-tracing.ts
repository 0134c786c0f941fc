import { setTimeout as delay } from 'node:timers/promises';
import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { ExportResultCode, setGlobalErrorHandler, W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, RandomIdGenerator, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from '../logging/logger.ts';
import type { Tracing } from '../ports/tracing.ts';
import { recordIds } from '../tracing/export-trace.ts';

export interface OtlpTarget {
  /** Accepts OTLP over HTTP, in protobuf. */
  endpoint: string;
  projectId: string;
  /** The function's name. */
  serviceName: string;
}

/** Spans that are not delivered within this time, retries included, are lost. */
const EXPORT_MS = 2000;

/** Google's own API requires a token, and no other endpoint may receive one. */
const GOOGLE = /\.googleapis\.com$/;

const SCOPE = 'https://www.googleapis.com/auth/trace.append';

/**
 * Records the spans that end in this process from now on, and sends them to the endpoint: on `flush`, after five
 * seconds, or when hundreds have accumulated.
 */
export function otlpTracing({ endpoint, projectId, serviceName }: OtlpTarget, log: Logger): Pick<Tracing, 'flush'> {
  const warn = (error: unknown) => log.warn({ err: error }, 'spans are lost');
  const processor = new BatchSpanProcessor({
    exporter: loadedWhenUsed(() => openExporter(endpoint, warn)),
    exportTimeoutMillis: EXPORT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName, 'gcp.project_id': projectId }),
    idGenerator: recordIds(new RandomIdGenerator()),
    spanProcessors: [processor],
  });
  setGlobalErrorHandler(warn);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
  let sending = Promise.resolve();
  let next: Promise<void> | undefined;
  // Only one request is in flight at a time. All spans that end meanwhile are sent with the next one, so that a busier
  // instance sends fewer requests.
  const send = () => {
    next ??= sending.then(() => {
      next = undefined;
      sending = processor.forceFlush().catch(warn);
      return sending;
    });
    return next;
  };
  return {
    async flush(patienceMs) {
      const waited = new AbortController();
      await Promise.race([send(), delay(patienceMs, undefined, { signal: waited.signal }).catch(() => {})]);
      waited.abort();
    },
  };
}

async function openExporter(url: string, warn: (error: unknown) => void): Promise<SpanExporter> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  const options = { url, timeoutMillis: EXPORT_MS };
  if (!GOOGLE.test(new URL(url).hostname)) return new OTLPTraceExporter(options);
  const { GoogleAuth } = await import('google-auth-library');
  const auth = new GoogleAuth({ scopes: SCOPE });
  // Must not throw; without a token, the API refuses the request.
  const headers = async () => {
    try {
      return Object.fromEntries(await auth.getRequestHeaders(url));
    } catch (error) {
      warn(error);
      return {};
    }
  };
  return new OTLPTraceExporter({ ...options, headers });
}

/**
 * Returns an exporter that is loaded on first use: it is as much code as everything else here, and is not needed before
 * there is something to send.
 */
function loadedWhenUsed(open: () => Promise<SpanExporter>): SpanExporter {
  let opened: Promise<SpanExporter> | undefined;
  return {
    export(spans, done) {
      opened ??= open();
      opened.then(
        (exporter) => exporter.export(spans, done),
        (error) => done({ code: ExportResultCode.FAILED, error }),
      );
    },
    shutdown: async () => (await opened)?.shutdown(),
  };
}
