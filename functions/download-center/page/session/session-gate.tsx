import { Alert, Button, Spin } from 'antd';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import type { ReportDescription, Session } from '../../../../shared/api-client/types.ts';
import { errorMessage, isUnauthorized } from '../common/errors.ts';
import { usePageContext } from '../common/page-context.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { SignedInProvider } from './signed-in-provider.tsx';
import { UserMenu } from './user-menu.tsx';

type State =
  | { status: 'loading' }
  | { status: 'signed-in'; session: Session; reports: ReadonlyMap<string, ReportDescription> }
  | { status: 'signed-out'; signInUrl: string | undefined }
  | { status: 'failed'; error: unknown };

/** Finds out who is there, and shows its children to whoever has signed in, the way to sign in to others. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { client, texts } = usePageContext();
  const [state, setState] = useState<State>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    let current = true;
    const show = (next: State) => current && setState(next);
    Promise.all([client.session(), client.reports()]).then(
      ([session, reports]) =>
        show({ status: 'signed-in', session, reports: new Map(reports.map((it) => [it.id, it])) }),
      (error) => show(stateAfter(error)),
    );
    return () => {
      current = false;
    };
  }, [client, attempt]);

  // One shell around whatever comes: a choice in its header that is open stays open.
  return (
    <Shell user={state.status === 'signed-in' && <UserMenu session={state.session} onSessionEnd={reload} />}>
      {state.status === 'signed-in' ? (
        <SignedInProvider session={state.session} reports={state.reports} onSessionEnd={reload}>
          {children}
        </SignedInProvider>
      ) : (
        <div className="centered">
          {state.status === 'loading' && <Spin aria-label={texts.loading} />}
          {state.status === 'signed-out' && <SignIn signInUrl={state.signInUrl} />}
          {state.status === 'failed' && (
            <Alert
              type="error"
              showIcon
              title={errorMessage(state.error, texts)}
              action={<Button onClick={reload}>{texts.action.retry}</Button>}
            />
          )}
        </div>
      )}
    </Shell>
  );
}

function stateAfter(error: unknown): State {
  if (!isUnauthorized(error)) return { status: 'failed', error };
  const { signInUrl } = error.extra;
  return { status: 'signed-out', signInUrl: typeof signInUrl === 'string' ? signInUrl : undefined };
}
