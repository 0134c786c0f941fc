import type { JoinSource } from '../../shared/ports/joiner.ts';
import type { ObjectStore } from '../../shared/ports/object-store.ts';
import { readResult } from '../../shared/results/read-result.ts';
import type { Look } from './look.ts';

/** Returns the sources done so far, in the form that the joiner takes. */
export function joinSources({ report, state }: Pick<Look, 'report' | 'state'>, objects: ObjectStore): JoinSource[] {
  return report.sources.flatMap(({ name }) => {
    const result = state.results.get(name);
    return result
      ? [{ name, columns: result.columns, longestRow: result.longestRow, parts: readResult(result, objects) }]
      : [];
  });
}
