import type { SourceProgress } from '../../shared/domain/record.ts';
import { doneProgress } from '../../shared/domain/source-result.ts';
import type { Look } from './look.ts';

/** What the record shows of the sources done, by source. */
export function progressOf({ report, state }: Pick<Look, 'report' | 'state'>): Record<string, Partial<SourceProgress>> {
  const progress: Record<string, Partial<SourceProgress>> = {};
  for (const { name } of report.sources) {
    const result = state.results.get(name);
    if (result) progress[name] = doneProgress(result);
  }
  return progress;
}
