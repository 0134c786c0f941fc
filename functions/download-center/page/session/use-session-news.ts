import { useCallback, useEffect, useRef } from 'react';

/**
 * Calls back when another tab reports a change of the session. Returns a function that reports a change to the other
 * tabs.
 */
export function useSessionNews(onNews: () => void): () => void {
  const channel = useRef<BroadcastChannel>(undefined);
  useEffect(() => {
    const opened = new BroadcastChannel('session');
    opened.addEventListener('message', onNews);
    channel.current = opened;
    return () => opened.close();
  }, [onNews]);
  return useCallback(() => channel.current?.postMessage('changed'), []);
}
