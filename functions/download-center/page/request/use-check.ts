import { useEffect, useEffectEvent, useState } from 'react';
import type { DownloadRequest, RequestCheck } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';

/** So long after the last change the server is asked. */
const DEBOUNCE_MS = 400;

interface Check {
  /** Undefined while it is not known. */
  check: RequestCheck | undefined;
  /** Asks at once if it is not known; undefined if the server refuses. */
  settle: () => Promise<RequestCheck | undefined>;
}

/**
 * What the request would come to, asked a moment after it has last changed. `activity` changes when the answer may have: the last one stands until the next is there. A refusal is handed to `onRefusal`, the
 * all-clear as undefined.
 */
export function useCheck(
  request: DownloadRequest | undefined,
  activity: number,
  onRefusal: (error: unknown) => void,
): Check {
  const { client } = usePageContext();
  const [known, setKnown] = useState<{ key: string; answer: RequestCheck }>();
  const key = request && JSON.stringify(request);
  const check = known?.key === key ? known?.answer : undefined;

  const ask = async (asked: string, signal?: AbortSignal): Promise<RequestCheck | undefined> => {
    try {
      const answer = await client.check(JSON.parse(asked), signal);
      if (signal?.aborted) return undefined;
      setKnown({ key: asked, answer });
      onRefusal(undefined);
      return answer;
    } catch (error) {
      if (signal?.aborted) return undefined;
      setKnown(undefined);
      onRefusal(error);
      return undefined;
    }
  };
  const askLater = useEffectEvent(ask);

  useEffect(() => {
    if (key === undefined) return;
    const controller = new AbortController();
    const timer = setTimeout(() => askLater(key, controller.signal), DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, key, activity]);

  const settle = async () => check ?? (key === undefined ? undefined : ask(key));
  return { check, settle };
}
