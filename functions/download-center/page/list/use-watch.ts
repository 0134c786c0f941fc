import { App } from 'antd';
import { useEffect, useEffectEvent, useState } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { DownloadFilter } from '../../../../shared/api-client/types.ts';
import type { WatchEvent } from '../../../../shared/api-client/watch.ts';
import { useSignedIn, useSurroundings } from '../common/page-context.ts';
import { wordsOf } from '../common/use-attempt.tsx';

/** The server ends a stream now and then, and the next one begins within a second: only what lasts longer is worth a word. */
const WORTH_SAYING_MS = 2500;

/** Follows the records of the filter's scope for as long as it is shown. Returns whether the connection is broken. */
export function useWatch(filter: DownloadFilter, onEvent: (event: WatchEvent) => void): boolean {
  const { client, texts } = useSurroundings();
  const { onSessionEnd } = useSignedIn();
  const { notification } = App.useApp();
  const [broken, setBroken] = useState(false);
  const take = useEffectEvent(onEvent);
  const end = useEffectEvent((error: unknown) => {
    if (error instanceof ProblemError && error.status === 401) onSessionEnd();
    else notification.error({ title: texts.somethingWrong, description: wordsOf(error, texts) });
  });
  const key = JSON.stringify(filter);

  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = async () => {
      for await (const event of client.watch(JSON.parse(key), leaving.signal)) {
        if (leaving.signal.aborted) return;
        if (event.event === 'waiting') timer ??= setTimeout(() => setBroken(true), WORTH_SAYING_MS);
        else {
          clearTimeout(timer);
          timer = undefined;
          setBroken(false);
        }
        take(event);
      }
    };
    follow().catch((error) => leaving.signal.aborted || end(error));
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [client, key]);
  return broken;
}
