import { setTimeout as delay } from 'node:timers/promises';
import { traceId } from '../../shared/domain/names.ts';
import type { CollectedSpan } from '../local-cloud/otlp.ts';

const POLL_MS = 200;

/** After this many polls without a new span the trace counts as complete. */
const SETTLED = 5;

/**
 * Resolves to the spans of an export's trace once no more arrive: functions send theirs when they are done, which is
 * after the record has ended.
 */
export async function traceOf(collector: string, recordId: string, signal: AbortSignal): Promise<CollectedSpan[]> {
  let spans: CollectedSpan[] = [];
  for (let unchanged = 0; unchanged < SETTLED; ) {
    const response = await fetch(`${collector}/traces/${traceId(recordId)}`, { signal });
    const latest = (await response.json()) as CollectedSpan[];
    unchanged = latest.length === spans.length ? unchanged + 1 : 0;
    spans = latest;
    await delay(POLL_MS, undefined, { signal });
  }
  return spans;
}
