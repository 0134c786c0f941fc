import { useCallback } from 'react';
import { isUnauthorized } from './errors.ts';
import { useSignedIn } from './page-context.ts';

/**
 * Returns a function that ends the session, which leads to the sign-in, if the error means that the session is over. It
 * returns whether it did so. Call it before showing any error.
 */
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
