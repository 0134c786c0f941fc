import { useCallback } from 'react';
import { isUnauthorized } from './errors.ts';
import { useSignedIn } from './page-context.ts';

/** Ends the session if that is what an error says, which leads to the sign-in; whether it did. Whoever shows an error asks this first. */
export function useSessionEnd(): (error: unknown) => boolean {
  const { onSessionEnd } = useSignedIn();
  return useCallback(
    (error) => {
      const isOver = isUnauthorized(error);
      if (isOver) onSessionEnd();
      return isOver;
    },
    [onSessionEnd],
  );
}
