import { effortOf, type Usage } from '../../shared/domain/cost.ts';
import type { AggregatePorts, Look } from './look.ts';

/** Returns the usage of an export whose file, of `fileBytes` bytes, has just been written. */
export function usageOf(
  { began, record, report, state }: Look,
  fileBytes: number,
  now: Date,
  { machine, retention, recordsInFirestore }: Pick<AggregatePorts, 'machine' | 'retention' | 'recordsInFirestore'>,
): Usage {
  const results = [...state.results.values()];
  const keys = [...state.keys.values()];
  const all = [...results, ...keys];
  const parts = all.flatMap(({ content }) => ('parts' in content ? content.parts : []));
  return {
    sources: results.map(({ effort }) => effort),
    aggregate: [...keys.map(({ effort }) => effort), effortOf(machine, began, now)],
    stages: report.stageCount,
    seconds: (now.getTime() - record.createdAt.getTime()) / 1000,
    hashBytes: all.reduce((sum, result) => sum + JSON.stringify(result).length, 0),
    parts: { count: parts.length, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) },
    file: { bytes: fileBytes, days: retention.fileDays },
    recordsInFirestore,
  };
}
