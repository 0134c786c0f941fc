import { useEffect, useEffectEvent, useState } from 'react';
import type { DownloadFilter } from '../../../../shared/api-client/types.ts';
import type { WatchEvent } from '../../../../shared/api-client/watch.ts';
import { errorMessage } from './errors.ts';
import { usePageContext } from './page-context.ts';
import { useSessionEnd } from './use-session-end.ts';
import { useVisible } from './use-visible.ts';

/**
 * The server ends a stream from time to time, and the next one begins within a second. Only a longer interruption is
 * reported.
 */
const GRACE_MS = 2500;

/**
 * How the view is kept up to date: immediately, periodically, not while the connection is lost, or not at all, for the
 * reason given.
 */
export type Connection = 'live' | 'limited' | 'lost' | { refusal: string };

/**
 * Follows the records of the filter's scope while the page is visible: a browser has six connections to a server for
 * all of its tabs, and each stream takes one. When the user returns to the tab, it gets a new snapshot.
 */
export function useWatch(filter: DownloadFilter, onEvent: (event: WatchEvent) => void): Connection {
  const { client, texts } = usePageContext();
  const endsSession = useSessionEnd();
  const [connection, setConnection] = useState<Connection>('live');
  const visible = useVisible();
  // A change of the language must not cause a new connection.
  const watch = useEffectEvent((watched: DownloadFilter, signal: AbortSignal) => client.watch(watched, signal));
  const handle = useEffectEvent(onEvent);
  const fail = useEffectEvent((error: unknown) => {
    if (!endsSession(error)) setConnection({ refusal: errorMessage(error, texts) });
  });
  const key = JSON.stringify(filter);

  useEffect(() => {
    if (!visible) return;
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async () => {
      for await (const event of watch(JSON.parse(key), controller.signal)) {
        if (controller.signal.aborted) return;
        if (event.event === 'waiting') timer ??= setTimeout(() => setConnection('lost'), GRACE_MS);
        else {
          clearTimeout(timer);
          timer = undefined;
          setConnection(event.event === 'limited' ? 'limited' : 'live');
        }
        handle(event);
      }
    };
    follow().catch((error) => controller.signal.aborted || fail(error));
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [key, visible]);
  return connection;
}
