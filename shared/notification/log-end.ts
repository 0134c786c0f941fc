import { PHASES, phasesOf } from '../domain/phases.ts';
import type { FileDownloadRecord, TerminalStatus } from '../domain/record.ts';
import type { Logger } from '../logging/logger.ts';

/**
 * Logs the end of a record, in lines that metrics are made from (terraform/modules/download-center-system/metrics.tf):
 * one `record ended` per terminal status and, for a record whose file was made and not shared, one `phase ended` per
 * phase. Only the line of COMPLETED contains figures of making the file.
 */
export function logEnd(record: FileDownloadRecord, status: TerminalStatus, log: Logger): void {
  const { report, createdAt, history, file, cost, failure, reusedFrom } = record;
  const reused = reusedFrom !== undefined;
  const at = history.find((entry) => entry.status === status)?.at ?? createdAt;
  const took = status === 'EXPIRED' || reused ? {} : { seconds: (at.getTime() - createdAt.getTime()) / 1000 };
  const made = status === 'COMPLETED' && !reused;
  const figures = made && file && cost ? { rows: file.rows, bytes: file.bytes, costUsd: Number(cost.total) } : {};
  const code = failure === undefined ? {} : { code: failure.code };
  log.info({ report, status, reused, ...took, ...figures, ...code }, 'record ended');
  const phases = made ? phasesOf(record) : undefined;
  if (!phases) return;
  for (const phase of PHASES) log.info({ report, phase, seconds: phases[phase] }, 'phase ended');
}
