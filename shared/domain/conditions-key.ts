import { createHash } from 'node:crypto';
import type { FileDownloadRecord } from './record.ts';

/**
 * Returns the md5 (hex) of what makes two requests the same: report, definition version, conditions, format, locale,
 * and the data that the requester may see (asking system, department, masked columns). Two people share a file only if
 * all of these are equal. A person who may see more, or less, gets a separate file.
 */
export function conditionsKey(
  request: Pick<
    FileDownloadRecord,
    'report' | 'definitionVersion' | 'conditions' | 'format' | 'locale' | 'source' | 'departmentId' | 'masked'
  >,
): string {
  const { report, definitionVersion, conditions, format, locale, source, departmentId, masked } = request;
  const scope = { source, departmentId, masked };
  return createHash('md5')
    .update(canonicalJson({ report, definitionVersion, conditions, format, locale, scope }))
    .digest('hex');
}

/** Returns JSON with the keys of every object in one fixed order, so that equal values give equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, nested) =>
    nested !== null && typeof nested === 'object' && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}
