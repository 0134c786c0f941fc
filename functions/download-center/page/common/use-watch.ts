import { App } from 'antd';
import { useEffect, useEffectEvent, useState } from 'react';
import type { DownloadFilter } from '../../../../shared/api-client/types.ts';
import type { WatchEvent } from '../../../../shared/api-client/watch.ts';
import { errorMessage } from './errors.ts';
import { usePageContext } from './page-context.ts';
import { useSessionEnd } from './use-session-end.ts';

/** The server ends a stream now and then, and the next one begins within a second: only what lasts longer is worth a word. */
const GRACE_MS = 2500;

/** Follows the records of the filter's scope for as long as it is shown. Returns whether the connection is lost. */
export function useWatch(filter: DownloadFilter, onEvent: (event: WatchEvent) => void): boolean {
  const { client, texts } = usePageContext();
  const endsSession = useSessionEnd();
  const { notification } = App.useApp();
  const [disconnected, setDisconnected] = useState(false);
  const handle = useEffectEvent(onEvent);
  const fail = useEffectEvent((error: unknown) => {
    if (endsSession(error)) return;
    notification.error({ title: texts.actionFailed, description: errorMessage(error, texts) });
  });
  const key = JSON.stringify(filter);

  useEffect(() => {
    const controller = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async () => {
      for await (const event of client.watch(JSON.parse(key), controller.signal)) {
        if (controller.signal.aborted) return;
        if (event.event === 'waiting') timer ??= setTimeout(() => setDisconnected(true), GRACE_MS);
        else {
          clearTimeout(timer);
          timer = undefined;
          setDisconnected(false);
        }
        handle(event);
      }
    };
    follow().catch((error) => controller.signal.aborted || fail(error));
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, key]);
  return disconnected;
}
