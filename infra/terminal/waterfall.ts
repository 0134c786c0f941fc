import type { CollectedSpan } from '../local-cloud/otlp.ts';

/** Shown of a span behind its name, where there is something to tell. */
const NOTES: readonly [attribute: string, text: (value: unknown) => string | undefined][] = [
  ['report.rows', (rows) => `${rows} rows`],
  ['report.attempt', (attempt) => (attempt === 0 ? undefined : `try ${attempt}`)],
  ['report.delivery_attempt', (attempt) => (attempt === 1 ? undefined : `delivery ${attempt}`)],
  ['error.type', (type) => `FAILED: ${type}`],
];

/** No bar is narrower, however narrow the terminal. */
const MIN_BAR = 20;

interface Row {
  span: CollectedSpan;
  depth: number;
  /** Whether it is of another function than its parent. */
  changes: boolean;
}

/**
 * A trace's spans, a line each: below its parent and indented, the function where it changes, a bar on the time of the whole, when it began and how long it took.
 * A span whose parent is not there is at the top.
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

/** Children below their parents, each level in the order of its beginnings. */
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

/** From 0 to 1. At least one sign wide: what took no time is seen, too. */
function bar(from: number, to: number, width: number): string {
  const begin = Math.min(Math.floor(from * width), width - 1);
  const end = Math.max(Math.round(to * width), begin + 1);
  return `${' '.repeat(begin)}${'█'.repeat(end - begin)}`.padEnd(width);
}

const ms = (time: number) => `${time.toFixed(0)} ms`.padStart(8);
