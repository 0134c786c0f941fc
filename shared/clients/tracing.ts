import type { Logger } from '../logging/logger.ts';
import type { Tracing } from '../ports/tracing.ts';
import { once } from './once.ts';

interface TracingConfig {
  GOOGLE_CLOUD_PROJECT: string;
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
}

const UNTRACED: Tracing = { ready: async () => {}, flush: async () => {} };

/**
 * Opens tracing of exports to the endpoint that the configuration names; without an endpoint there are no traces. The
 * library is loaded with the first export, because loading it is part of a cold start.
 */
export function openTracing(config: TracingConfig, serviceName: string, log: Logger): Tracing {
  const { GOOGLE_CLOUD_PROJECT: projectId, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: endpoint } = config;
  if (endpoint === undefined) return UNTRACED;
  const open = async (): Promise<Pick<Tracing, 'flush'>> => {
    try {
      const { otlpTracing } = await import('../adapters/otlp-tracing.ts');
      return otlpTracing({ endpoint, projectId, serviceName }, log);
    } catch (error) {
      log.error({ err: error }, 'there are no traces');
      return UNTRACED;
    }
  };
  const opened = once(open);
  return {
    ready: async () => {
      await opened();
    },
    flush: async (patienceMs) => (await opened()).flush(patienceMs),
  };
}
