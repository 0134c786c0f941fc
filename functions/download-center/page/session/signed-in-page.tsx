import { useEffect, useMemo, useRef, useState } from 'react';
import type { ReportDescription, Session } from '../../../../shared/api-client/types.ts';
import { SignedInContext } from '../common/page-context.ts';
import { routeOf, usePath } from '../common/router.ts';
import { ListView } from '../list/list-view.tsx';
import { RecordView } from '../record/record-view.tsx';

interface SignedInPageProps {
  session: Session;
  reports: ReadonlyMap<string, ReportDescription>;
  onSessionEnd: () => void;
}

/** What a signed-in person sees: the view that the path names. */
export function SignedInPage({ session, reports, onSessionEnd }: SignedInPageProps) {
  const [announcement, announce] = useState('');
  const path = usePath();
  const route = routeOf(path);
  useFocusOnNavigation(path);

  const signedIn = useMemo(() => ({ session, reports, onSessionEnd, announce }), [session, reports, onSessionEnd]);
  return (
    <SignedInContext value={signedIn}>
      {route.view === 'list' ? <ListView /> : <RecordView key={route.id} id={route.id} />}
      <div role="status" className="visually-hidden">
        {announcement}
      </div>
    </SignedInContext>
  );
}

/** Those who hear the page are led to the new view's heading; at the first view the browser has its own way. */
function useFocusOnNavigation(path: string): void {
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    document.querySelector<HTMLElement>('h1')?.focus();
  }, [path]);
}
