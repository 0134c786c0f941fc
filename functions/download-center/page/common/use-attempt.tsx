import { App } from 'antd';
import { useCallback } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { Texts } from '../texts/en.ts';
import { Link } from './link.tsx';
import { useSignedIn, useSurroundings } from './page-context.ts';
import { recordPath } from './router.ts';

/** What went wrong, in words for a person. */
export function wordsOf(error: unknown, texts: Texts): string {
  return error instanceof ProblemError && error.code !== 'unexpected-answer' ? error.detail : texts.notReached;
}

/** What went wrong, with a link to the record that is in the way, if one is. */
function Explanation({ error, texts }: { error: unknown; texts: Texts }) {
  const activeId = error instanceof ProblemError ? error.extra.activeId : undefined;
  return (
    <>
      <div>{wordsOf(error, texts)}</div>
      {typeof activeId === 'string' && <Link to={recordPath(activeId)}>{texts.ask.showActive}</Link>}
    </>
  );
}

/** Runs what a person asked for. A failure is shown; the end of the session leads to the sign-in. */
export function useAttempt(): (action: () => Promise<void>) => Promise<void> {
  const { notification } = App.useApp();
  const { texts } = useSurroundings();
  const { onSessionEnd } = useSignedIn();
  return useCallback(
    async (action) => {
      try {
        await action();
      } catch (error) {
        if (error instanceof ProblemError && error.status === 401) onSessionEnd();
        else {
          const description = <Explanation error={error} texts={texts} />;
          notification.error({ title: texts.somethingWrong, description, duration: 10 });
        }
      }
    },
    [notification, texts, onSessionEnd],
  );
}
