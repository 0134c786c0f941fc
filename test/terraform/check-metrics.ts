import type { Code } from './check-grants.ts';
import { type Body, type Configuration, systemOf, textsOf } from './configuration.ts';

/** Metrics that are made of log lines which nobody writes, or of fields that no code names. */
export function metricFaults(configuration: Configuration, functions: Readonly<Record<string, Code>>): string[] {
  const metrics = Object.entries((systemOf(configuration).locals.metric ?? {}) as Readonly<Record<string, Body>>);
  return metrics.flatMap(([name, metric]) => {
    const text = textsOf(metric).join('\n');
    const [, service = ''] = /service_name="([^"]+)"/.exec(text) ?? [];
    const [, message = ''] = /jsonPayload\.message="([^"]+)"/.exec(text) ?? [];
    const code = functions[service]?.all;
    if (code === undefined) return [`${name}: there is no function ${service}`];
    const line = code.split('\n').find((one) => one.includes('log.') && one.includes(`'${message}'`));
    if (line === undefined) return [`${name}: ${service} does not log '${message}'`];
    const fields = [...text.matchAll(/jsonPayload\.(\w+)/g)].map(([, field = '']) => field);
    const missing = fields.filter((field) => field !== 'message' && !new RegExp(`\\b${field}\\b`).test(line));
    return missing.map((field) => `${name}: '${message}' has no ${field}`);
  });
}
