import { randomUUID } from 'node:crypto';
import type { Source } from '../../shared/catalogue/define-report.ts';
import { effortOf } from '../../shared/domain/cost.ts';
import { keysAttemptPrefix } from '../../shared/domain/names.ts';
import { fingerprint } from '../../shared/domain/source-result.ts';
import { KEY_COLUMNS } from '../../shared/results/read-keys.ts';
import { writeResult } from '../../shared/results/write-result.ts';
import { setSpanAttributes } from '../../shared/tracing/spans.ts';
import { joinSources } from './join-sources.ts';
import type { AggregatePorts, Look } from './look.ts';

/**
 * Returns whether a source needs no keys, or has the keys that the current results of the earlier stages produce.
 * Recorded keys are outdated if Redis lost those results and the sources were read again.
 */
export function hasKeys(source: Source, look: Pick<Look, 'report' | 'state'>): boolean {
  return !source.keys || look.state.keys.get(source.name)?.from === shapedFrom(source, look);
}

function shapedFrom({ stage }: Source, { report, state }: Pick<Look, 'report' | 'state'>): string {
  const earlier = report.sources.filter((source) => source.stage < stage);
  return fingerprint(earlier.flatMap(({ name }) => state.results.get(name) ?? []));
}

/**
 * Computes a source's keys from the results of earlier stages, each key once and sorted, and stores them where the
 * source's query reads them.
 */
export async function shapeKeys(source: Source, look: Look, ports: AggregatePorts, signal: AbortSignal): Promise<void> {
  const { table, name } = source;
  const began = ports.clock();
  const request = {
    sources: joinSources(look, ports.objects),
    sql: keysSql(source.keys?.in ?? ''),
    output: KEY_COLUMNS.map(({ name }) => ({ name, guarded: false })),
  };
  const keys = ports.joiner.join(request, signal);
  let rows = 0;
  const blocks = (async function* () {
    rows = yield* keys;
  })();
  const stored = await writeResult(
    {
      columns: KEY_COLUMNS,
      dataAsOf: ports.clock(),
      blocks,
      rowsRead: () => rows,
      // Keys are never a source of a join.
      longestRow: () => 0,
    },
    keysAttemptPrefix(look.record.id, source.name, randomUUID()),
    ports.objects,
    signal,
  );
  setSpanAttributes({ 'report.rows': rows });
  const effort = effortOf(ports.machine, began, ports.clock());
  const shaped = { ...stored, effort, from: shapedFrom(source, look) };
  await ports.fanIn.recordKeys(look.record.id, { table: table.name, name }, shaped);
}

/**
 * Returns the SQL that shapes the keys. It normalises integers, because one number can be written in several ways (as
 * text, or with leading zeros). A value that is not an integer stays unchanged, so that it is refused later.
 */
function keysSql(found: string): string {
  const number = `CASE WHEN regexp_full_match(key, '-?[0-9]+') THEN TRY_CAST(key AS HUGEINT)::VARCHAR END`;
  return `SELECT 0 AS zero, key FROM (
    SELECT DISTINCT coalesce(${number}, key) AS key FROM (SELECT key::VARCHAR AS key FROM (${found}) AS found(key)) WHERE key IS NOT NULL
  ) ORDER BY TRY_CAST(key AS HUGEINT), key`;
}
