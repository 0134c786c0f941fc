import { createHash } from 'node:crypto';
import type { FileDownloadRecord } from './record.ts';

/**
 * md5 (hex) of what makes two requests the same request: report, definition version, conditions, format, locale, and whose data the asker may see: the asking system's, the department's, and what of it
 * is masked. Two people share a file only if these are the same: whoever may see more, or less, gets a file of their own.
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

/** JSON with the keys of every object in code-point order, so that equal values make equal texts. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, nested) =>
    nested !== null && typeof nested === 'object' && !Array.isArray(nested)
      ? Object.fromEntries(Object.entries(nested).sort(([a], [b]) => (a < b ? -1 : 1)))
      : nested,
  );
}
