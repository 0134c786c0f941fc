import { Alert, Button, Spin } from 'antd';
import { useCallback, useEffect, useState } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { ReportDescription, Session } from '../../../../shared/api-client/types.ts';
import { useSurroundings } from '../common/page-context.ts';
import { wordsOf } from '../common/use-attempt.tsx';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { SignedInPage } from './signed-in-page.tsx';
import { WhoIsIn } from './who-is-in.tsx';

type State =
  | { is: 'loading' }
  | { is: 'signed-in'; session: Session; reports: ReadonlyMap<string, ReportDescription> }
  | { is: 'signed-out'; signInUrl: string | undefined }
  | { is: 'failed'; error: unknown };

/** Finds out who is there, and shows what they may see: the downloads, or the way to sign in. */
export function SessionGate() {
  const { client, texts } = useSurroundings();
  const [state, setState] = useState<State>({ is: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const again = useCallback(() => setAttempt((count) => count + 1), []);

  useEffect(() => {
    let current = true;
    const show = (next: State) => current && setState(next);
    Promise.all([client.session(), client.reports()]).then(
      ([session, reports]) => show({ is: 'signed-in', session, reports: new Map(reports.map((it) => [it.id, it])) }),
      (error) => show(withoutSession(error)),
    );
    return () => {
      current = false;
    };
  }, [client, attempt]);

  // One shell around whatever comes: a choice in its header that is open stays open.
  return (
    <Shell person={state.is === 'signed-in' && <WhoIsIn session={state.session} onSessionEnd={again} />}>
      {state.is === 'signed-in' ? (
        <SignedInPage session={state.session} reports={state.reports} onSessionEnd={again} />
      ) : (
        <div className="centered">
          {state.is === 'loading' && <Spin aria-label={texts.loading} />}
          {state.is === 'signed-out' && <SignIn signInUrl={state.signInUrl} />}
          {state.is === 'failed' && (
            <Alert
              type="error"
              showIcon
              title={wordsOf(state.error, texts)}
              action={<Button onClick={again}>{texts.tryAgain}</Button>}
            />
          )}
        </div>
      )}
    </Shell>
  );
}

function withoutSession(error: unknown): State {
  if (!(error instanceof ProblemError) || error.status !== 401) return { is: 'failed', error };
  const { signInUrl } = error.extra;
  return { is: 'signed-out', signInUrl: typeof signInUrl === 'string' ? signInUrl : undefined };
}
