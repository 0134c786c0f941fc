import { App } from 'antd';
import { useCallback } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { Texts } from '../texts/en.ts';
import { useSignedIn, useSurroundings } from './page-context.ts';

/** What went wrong, in words for a person. */
export function wordsOf(error: unknown, texts: Texts): string {
  return error instanceof ProblemError && error.code !== 'unexpected-answer' ? error.detail : texts.notReached;
}

/** Runs what a person asked for. A failure is shown; the end of the session leads to the sign-in. Resolves to whether it went well. */
export function useAttempt(): (action: () => Promise<void>) => Promise<boolean> {
  const { notification } = App.useApp();
  const { texts } = useSurroundings();
  const { onSessionEnd } = useSignedIn();
  return useCallback(
    async (action) => {
      try {
        await action();
        return true;
      } catch (error) {
        if (error instanceof ProblemError && error.status === 401) onSessionEnd();
        else notification.error({ title: texts.somethingWrong, description: wordsOf(error, texts), duration: 10 });
        return false;
      }
    },
    [notification, texts, onSessionEnd],
  );
}
