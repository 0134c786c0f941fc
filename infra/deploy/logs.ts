import { setTimeout as delay } from 'node:timers/promises';
import { readLogs } from './commands.ts';
import type { Service } from './services.ts';
import type { Shell } from './shell.ts';

export interface LogQuery {
  project: string;
  services: readonly Service[];
  /** Limits the entries to those about one record. */
  record?: string | undefined;
  /** How far back, e.g. 1h. */
  freshness: string;
}

/** An entry as gcloud prints it. */
interface LogEntry {
  insertId: string;
  timestamp: string;
  severity?: string;
  resource: { labels: { service_name: string } };
  jsonPayload?: { message?: string; function?: string; err?: { message?: string } } & Record<string, unknown>;
  textPayload?: string;
  httpRequest?: { requestMethod?: string; status?: number; latency?: string };
}

/**
 * Cloud Logging returns entries with a delay, so each poll looks back this far. Entries that were shown are skipped.
 */
const OVERLAP = '2m';
const POLL_MS = 3000;

/** Prints the entries, oldest first. With `follow`, it then prints new ones until the signal aborts. */
export async function showLogs(shell: Shell, query: LogQuery, follow: boolean, signal: AbortSignal): Promise<void> {
  let shown = new Set<string>();
  const render = (output: string) => {
    const entries = (JSON.parse(output) as LogEntry[]).toReversed();
    const fresh = entries.filter(({ insertId }) => !shown.has(insertId));
    shown = new Set(entries.map(({ insertId }) => insertId));
    return fresh.map((entry) => `${describe(entry)}\n`).join('');
  };
  const show = (freshness: string) => shell.show(readLogs(query.project, filterOf(query), freshness), render);
  await show(query.freshness);
  while (follow) {
    await delay(POLL_MS, undefined, { signal });
    await show(OVERLAP);
  }
}

function filterOf({ services, record }: LogQuery): string {
  const names = services.map(({ name }) => `"${name}"`).join(' OR ');
  return [
    'resource.type="cloud_run_revision"',
    `resource.labels.service_name=(${names})`,
    ...(record === undefined ? [] : [`jsonPayload.recordId=${JSON.stringify(record)}`]),
  ].join(' AND ');
}

function describe({ timestamp, severity = 'DEFAULT', resource, jsonPayload, textPayload, httpRequest }: LogEntry) {
  const { message, function: _function, err, ...fields } = jsonPayload ?? {};
  const request = httpRequest && `${httpRequest.requestMethod} ${httpRequest.status} ${httpRequest.latency ?? ''}`;
  const what = [
    textPayload ?? message ?? request ?? '',
    err?.message,
    ...(Object.keys(fields).length > 0 ? [JSON.stringify(fields)] : []),
  ];
  return [timestamp, severity, resource.labels.service_name, ...what.filter(Boolean)].join('  ');
}
