import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import {
  InMemorySpanExporter,
  RandomIdGenerator,
  type ReadableSpan,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { recordIds } from '../../shared/tracing/export-trace.ts';

/** Collects the spans of this process from now on. */
export function memoryTraces(): { ended(): ReadableSpan[]; endedAs(name: string): ReadableSpan } {
  const exporter = new InMemorySpanExporter();
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(
    new TracerProvider({
      idGenerator: recordIds(new RandomIdGenerator()),
      spanProcessors: [new SimpleSpanProcessor({ exporter })],
    }),
  );
  const ended = () => exporter.getFinishedSpans();
  return {
    ended,
    endedAs(name) {
      const span = ended().findLast((candidate) => candidate.name === name);
      if (!span) throw new Error(`no span ${name} among ${ended().map((other) => other.name)}`);
      return span;
    },
  };
}
