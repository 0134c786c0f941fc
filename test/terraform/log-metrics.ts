import { type Body, type Configuration, systemOf } from './configuration.ts';

/** A function's log line as Cloud Logging stores it: what pino wrote is its `jsonPayload`. */
export type Line = Readonly<Record<string, unknown>>;

export interface LogMetric {
  filter: string;
  value: string | null;
  labels: Readonly<Record<string, string>>;
}

/** A data point that a metric extracts from a line. */
export interface Point {
  labels: Readonly<Record<string, unknown>>;
  /** The value of a distribution; 1 for a counter of lines. */
  value: unknown;
}

/** Returns the system's log-based metrics by name, with the locals in their filters replaced by the locals' values. */
export function logMetrics(configuration: Configuration): Record<string, LogMetric> {
  const { locals } = systemOf(configuration);
  const metrics = Object.entries((locals.metric ?? {}) as Readonly<Record<string, Body>>);
  return Object.fromEntries(
    metrics.map(([name, { filter, value, labels }]) => [
      name,
      {
        filter: String(filter).replace(/^\$\{local\.(\w+)\}$/, (_, local) => String(locals[local])),
        value: value as string | null,
        labels: labels as Record<string, string>,
      },
    ]),
  );
}

/**
 * Returns a metric's points for these lines. Supports what the metrics use of Cloud Logging's query language:
 * comparisons with `=`, all of which must hold, and EXTRACT.
 */
export function pointsOf({ filter, value, labels }: LogMetric, lines: readonly Line[]): Point[] {
  const comparisons = [...filter.matchAll(/(\S+?)=("[^"]*"|\S+)/g)].map(
    ([, path = '', wanted = '']) => [path, JSON.parse(wanted)] as const,
  );
  if (comparisons.map(([path, wanted]) => `${path}=${JSON.stringify(wanted)}`).join(' ') !== filter)
    throw new Error(`cannot read the filter ${filter}`);
  return lines
    .map((jsonPayload) => ({ jsonPayload }))
    .filter((entry) => comparisons.every(([path, wanted]) => fieldOf(entry, path) === wanted))
    .map((entry) => ({
      labels: Object.fromEntries(Object.entries(labels).map(([label, from]) => [label, extract(entry, from)])),
      value: value === null ? 1 : extract(entry, value),
    }));
}

/** Finds the metrics that match none of these lines, or do not find all that they extract from one. */
export function metricFaults(metrics: Readonly<Record<string, LogMetric>>, lines: readonly Line[]): string[] {
  return Object.entries(metrics).flatMap(([name, metric]) => {
    const points = pointsOf(metric, lines);
    const without = Object.keys(metric.labels).filter((label) =>
      points.some(({ labels }) => typeof labels[label] !== 'string'),
    );
    return [
      ...(points.length === 0 ? [`${name}: no line is like that`] : []),
      ...without.map((label) => `${name}: a line has no ${label}`),
      ...(points.some(({ value }) => !Number.isFinite(value)) ? [`${name}: a line has no number`] : []),
    ];
  });
}

function extract(entry: object, extractor: string): unknown {
  const [, path] = /^EXTRACT\(([\w.]+)\)$/.exec(extractor) ?? [];
  if (path === undefined) throw new Error(`cannot read the extractor ${extractor}`);
  return fieldOf(entry, path);
}

const fieldOf = (entry: object, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], entry);
