import type { Person } from '../../shared/domain/rights.ts';
import type { Call } from '../../shared/http/router.ts';

/** Maximum length of a logged header: clients can send anything in it. */
const MAX_CHARACTERS = 500;

/**
 * Logs who opened a record's file, when and from where, as one line that a log sink can select by its field `audit`.
 * The line never contains the signed URL. The end of `forwardedFor` was written by the platform's own proxies;
 * everything before it may be forged.
 */
export function audit(
  { request, log }: Pick<Call, 'request' | 'log'>,
  action: 'download' | 'preview',
  { adminId, departmentId, source }: Person,
  { recordId, at }: { recordId: string; at: Date },
): void {
  const header = (name: string) => request.get(name)?.slice(-MAX_CHARACTERS);
  const from = { forwardedFor: header('x-forwarded-for'), address: request.socket.remoteAddress };
  const who = { source, adminId, departmentId };
  log.info({ audit: { action, ...who, recordId, at, from, userAgent: header('user-agent') } }, 'audit');
}
