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
  /** Takes OTLP over HTTP, in protobuf. */
  endpoint: string;
  projectId: string;
  /** The function. */
  serviceName: string;
}

/** Spans that do not get there within this time, tries again included, are lost. */
const EXPORT_MS = 2000;

/** Google's own API wants a token; nobody else is to have one. */
const GOOGLE = /\.googleapis\.com$/;

const SCOPE = 'https://www.googleapis.com/auth/trace.append';

/** Keeps what ends in this process from now on and sends it to the endpoint: when it is told to, after five seconds, or in hundreds. */
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
  // One request at a time: what ends meanwhile goes with the next, all of it, so that there are the fewer the busier the instance is.
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
  // Must not throw; without a token, the API refuses.
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

/** The exporter is as much to load as all the rest, and not needed before there is something to send. */
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
