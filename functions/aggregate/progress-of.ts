import type { SourceProgress } from '../../shared/domain/record.ts';
import { doneProgress } from '../../shared/domain/source-result.ts';
import type { Look } from './look.ts';

/** Returns what the record shows of the sources that are done, by source name. */
export function progressOf({ report, state }: Pick<Look, 'report' | 'state'>): Record<string, Partial<SourceProgress>> {
  const progress: Record<string, Partial<SourceProgress>> = {};
  for (const { name } of report.sources) {
    const result = state.results.get(name);
    if (result) progress[name] = doneProgress(result);
  }
  return progress;
}
