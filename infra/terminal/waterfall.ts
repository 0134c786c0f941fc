import type { CollectedSpan } from '../local-cloud/otlp.ts';

/** The notes behind a span's name, for attributes with a value worth showing. */
const NOTES: readonly [attribute: string, text: (value: unknown) => string | undefined][] = [
  ['report.rows', (rows) => `${rows} rows`],
  ['report.attempt', (attempt) => (attempt === 0 ? undefined : `try ${attempt}`)],
  ['report.delivery_attempt', (attempt) => (attempt === 1 ? undefined : `delivery ${attempt}`)],
  ['error.type', (type) => `FAILED: ${type}`],
];

/** The least width of the bars, however narrow the terminal. */
const MIN_BAR = 20;

interface Row {
  span: CollectedSpan;
  depth: number;
  /** Whether its function is not its parent's. */
  changes: boolean;
}

/**
 * Renders a trace, one line per span: indented below its parent, with its function where that changes, a bar on the
 * trace's time scale, its start, and its duration. A span without a parent in the trace is at the top level.
 */
export function waterfall(spans: readonly CollectedSpan[], width: number): string {
  const first = Math.min(...spans.map(({ start }) => start));
  const last = Math.max(...spans.map(({ end }) => end));
  const scale = 1 / Math.max(last - first, 1);
  const lines = inOrder(spans).map(({ span, depth, changes }) => ({
    label: `${' '.repeat(depth)}${changes ? `${span.service}: ` : ''}${span.name}${notesOf(span)}`,
    from: (span.start - first) * scale,
    to: (span.end - first) * scale,
    times: `${ms(span.start - first)} ${ms(span.end - span.start)}`,
  }));
  const widest = (texts: string[]) => Math.max(...texts.map((text) => text.length));
  const room = width - widest(lines.map(({ times }) => times)) - 2;
  const labels = Math.max(1, Math.min(widest(lines.map(({ label }) => label)), room - MIN_BAR));
  const bars = Math.max(MIN_BAR, room - labels);
  const shown = (label: string) => (label.length > labels ? `${label.slice(0, labels - 1)}…` : label.padEnd(labels));
  return lines.map(({ label, from, to, times }) => `${shown(label)} ${bar(from, to, bars)} ${times}\n`).join('');
}

/** Depth-first, siblings in the order of their start. */
function inOrder(spans: readonly CollectedSpan[]): Row[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  const children = Map.groupBy(
    spans.toSorted((one, other) => one.start - other.start),
    ({ parentSpanId = '' }) => (ids.has(parentSpanId) ? parentSpanId : undefined),
  );
  const below = (parent: CollectedSpan | undefined, depth: number): Row[] =>
    (children.get(parent?.spanId) ?? []).flatMap((span) => [
      { span, depth, changes: span.service !== parent?.service },
      ...below(span, depth + 1),
    ]);
  return below(undefined, 0);
}

function notesOf({ attributes }: CollectedSpan): string {
  const notes = NOTES.flatMap(([name, text]) => (name in attributes ? (text(attributes[name]) ?? []) : []));
  return notes.length === 0 ? '' : ` (${notes.join(', ')})`;
}

/**
 * `from` and `to` are between 0 and 1. A bar is at least one character wide, so that a span without duration is
 * visible.
 */
function bar(from: number, to: number, width: number): string {
  const begin = Math.min(Math.floor(from * width), width - 1);
  const end = Math.max(Math.round(to * width), begin + 1);
  return `${' '.repeat(begin)}${'█'.repeat(end - begin)}`.padEnd(width);
}

const ms = (time: number) => `${time.toFixed(0)} ms`.padStart(8);
