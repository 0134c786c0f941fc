import { type ReactNode, useMemo, useState } from 'react';
import type { DownloadRecord, ReportDescription, Session } from '../../../../shared/api-client/types.ts';
import { SignedInContext } from '../common/page-context.ts';

interface SignedInProviderProps {
  session: Session;
  reports: ReadonlyMap<string, ReportDescription>;
  onSessionEnd: () => void;
  children: ReactNode;
}

/** Provides a signed-in person's context to the views, and the place where changes are announced. */
export function SignedInProvider({ session, reports, onSessionEnd, children }: SignedInProviderProps) {
  const [announcement, announce] = useState('');
  const signedIn = useMemo(() => {
    const isMine = ({ adminId, source }: DownloadRecord) => adminId === session.adminId && source === session.source;
    return { session, reports, isMine, onSessionEnd, announce };
  }, [session, reports, onSessionEnd]);
  return (
    <SignedInContext value={signedIn}>
      {children}
      <div role="status" className="visually-hidden">
        {announcement}
      </div>
    </SignedInContext>
  );
}
