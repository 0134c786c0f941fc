import type { Person } from '../../shared/domain/rights.ts';
import type { Call } from '../../shared/http/router.ts';

/** Headers are whatever the client sends. */
const MAX_CHARACTERS = 500;

/**
 * Logs who opened a record's file, when and from where: one line, which a log sink can pick by its field `audit`. It never has the signed URL. Of `forwardedFor`, what
 * comes last was written by the platform's own proxies; what stands before it, anybody may have.
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
