import { createHash } from 'node:crypto';
import type { FileDownloadRecord } from './record.ts';

/**
 * md5 (hex) of what makes two requests the same request: report, definition version, conditions, format, locale, and the rights of the asker. Two people
 * share a file only if department and roles are the same: whoever may see more, or less, gets a file of their own.
 */
export function conditionsKey(
  request: Pick<
    FileDownloadRecord,
    'report' | 'definitionVersion' | 'conditions' | 'format' | 'locale' | 'departmentId'
  >,
  roles: readonly string[],
): string {
  const { report, definitionVersion, conditions, format, locale, departmentId } = request;
  const scope = { departmentId, roles: [...new Set(roles)].sort() };
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
