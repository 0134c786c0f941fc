import { ReportError } from '../domain/errors.ts';
import type { FileDownloadRecord } from '../domain/record.ts';
import type { Catalogue } from './catalogue.ts';
import type { Report } from './define-report.ts';

/** Longer than a deployment of all functions takes. */
const DEPLOYMENT_MS = 15 * 60_000;

/**
 * Returns the definition that the record began with, or undefined if the report has changed since. Throws
 * DEFINITION_NOT_DEPLOYED (transient) if the record may have begun with a newer definition than this function has:
 * during a deployment, create-report can be ahead of the others.
 */
export function definitionOf(record: FileDownloadRecord, reports: Catalogue, now: Date): Report | undefined {
  const report = reports.get(record.report);
  if (report?.version === record.definitionVersion) return report;
  const isBehind = report === undefined || report.version < record.definitionVersion;
  if (isBehind && now.getTime() - record.createdAt.getTime() < DEPLOYMENT_MS) {
    const message = `version ${record.definitionVersion} of ${record.report} is not deployed here yet`;
    throw new ReportError('DEFINITION_NOT_DEPLOYED', message, { kind: 'transient', recordId: record.id });
  }
  return undefined;
}
