import { Alert, Button, Spin } from 'antd';
import { type ReactNode, useCallback, useEffect, useEffectEvent, useState } from 'react';
import type { ReportDescription, Session } from '../../../../shared/api-client/types.ts';
import { errorMessage, isUnauthorized } from '../common/errors.ts';
import { usePageContext } from '../common/page-context.ts';
import { useVisible } from '../common/use-visible.ts';
import { Shell } from './shell.tsx';
import { SignIn } from './sign-in.tsx';
import { SignedInProvider } from './signed-in-provider.tsx';
import { useSessionNews } from './use-session-news.ts';
import { UserMenu } from './user-menu.tsx';

type State =
  | { status: 'loading' }
  | { status: 'signed-in'; session: Session; reports: ReadonlyMap<string, ReportDescription> }
  | { status: 'signed-out'; signInUrl: string | undefined }
  | { status: 'failed'; error: unknown };

/**
 * Determines who is signed in. Shows its children to a signed-in person, and the way to sign in to anyone else. All
 * tabs share one session: each tab checks it again when the user returns to the tab, and when another tab has found a
 * different person.
 */
export function SessionGate({ children }: { children: ReactNode }) {
  const { client, texts } = usePageContext();
  const [state, setState] = useState<State>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);
  const reload = useCallback(() => setAttempt((count) => count + 1), []);
  const tellOtherTabs = useSessionNews(reload);
  const visible = useVisible();

  const look = useEffectEvent(async (signal: AbortSignal) => {
    const known = state.status === 'signed-in' ? state.session : undefined;
    const next = await lookAgain(known).catch((error): State | undefined =>
      // As far as can be determined without the server, the person is still signed in.
      known && !isUnauthorized(error) ? undefined : stateAfter(error),
    );
    if (next === undefined || signal.aborted) return;
    setState(next);
    if (known || next.status === 'signed-in') tellOtherTabs();
  });
  /** Resolves to undefined if the person and their rights are the same. */
  const lookAgain = async (known: Session | undefined): Promise<State | undefined> => {
    const session = await client.session();
    if (known && personOf(known) === personOf(session)) return undefined;
    const reports = await client.reports();
    return { status: 'signed-in', session, reports: new Map(reports.map((report) => [report.id, report])) };
  };

  useEffect(() => {
    if (!visible) return;
    const controller = new AbortController();
    look(controller.signal);
    return () => controller.abort();
  }, [attempt, visible]);

  // The views set their own titles.
  useEffect(() => {
    if (state.status !== 'signed-in') document.title = texts.title;
  }, [state.status, texts]);

  // One shell for every state, so that an open dropdown in its header stays open.
  return (
    <Shell user={state.status === 'signed-in' && <UserMenu session={state.session} onSessionEnd={reload} />}>
      {state.status === 'signed-in' ? (
        // Another person must not see anything that this person has begun.
        <SignedInProvider
          key={personOf(state.session)}
          session={state.session}
          reports={state.reports}
          onSessionEnd={reload}
        >
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

const personOf = ({ source, adminId, departmentId, roles }: Session) =>
  JSON.stringify([source, adminId, departmentId, roles]);

function stateAfter(error: unknown): State {
  if (!isUnauthorized(error)) return { status: 'failed', error };
  const { signInUrl } = error.extra;
  return { status: 'signed-out', signInUrl: typeof signInUrl === 'string' ? signInUrl : undefined };
}
