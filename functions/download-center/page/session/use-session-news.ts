import { useCallback, useEffect, useRef } from 'react';

/** Calls back when another tab has news of the session; gives out what tells the other tabs that there are some. */
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
