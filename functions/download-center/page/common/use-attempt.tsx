import { App } from 'antd';
import { useCallback } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { Texts } from '../texts/en.ts';
import { errorMessage } from './errors.ts';
import { Link } from './link.tsx';
import { usePageContext } from './page-context.ts';
import { recordPath } from './router.ts';
import { useSessionEnd } from './use-session-end.ts';

/** Describes the error, with a link to the record that blocks the action, if there is one. */
function Explanation({ error, texts }: { error: unknown; texts: Texts }) {
  const activeId = error instanceof ProblemError ? error.extra.activeId : undefined;
  return (
    <>
      <div>{errorMessage(error, texts)}</div>
      {typeof activeId === 'string' && <Link to={recordPath(activeId)}>{texts.action.viewReport}</Link>}
    </>
  );
}

/** Returns a function that runs a user's action and shows an error if it fails. */
export function useAttempt(): (action: () => Promise<void>) => Promise<void> {
  const { notification } = App.useApp();
  const { texts } = usePageContext();
  const endsSession = useSessionEnd();
  return useCallback(
    async (action) => {
      try {
        await action();
      } catch (error) {
        if (endsSession(error)) return;
        const description = <Explanation error={error} texts={texts} />;
        notification.error({ title: texts.actionFailed, description, duration: 10 });
      }
    },
    [notification, texts, endsSession],
  );
}
