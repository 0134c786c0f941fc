import { useEffect, useEffectEvent, useState } from 'react';
import type { DownloadRequest, RequestCheck } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';

/** So long after the last change the server is asked. */
const DEBOUNCE_MS = 400;

/**
 * What the request would come to, asked a moment after it has last changed; undefined while that is not known. `activity` changes when the answer may have. A refusal is
 * handed to `onRefusal`, the all-clear as undefined.
 */
export function useCheck(
  request: DownloadRequest | undefined,
  activity: number,
  onRefusal: (error: unknown) => void,
): RequestCheck | undefined {
  const { client } = usePageContext();
  const [check, setCheck] = useState<RequestCheck>();
  const refuse = useEffectEvent(onRefusal);
  const key = request && JSON.stringify(request);

  useEffect(() => {
    setCheck(undefined);
    if (key === undefined) return;
    const controller = new AbortController();
    const ask = async () => {
      try {
        const answer = await client.check(JSON.parse(key), controller.signal);
        if (controller.signal.aborted) return;
        setCheck(answer);
        refuse(undefined);
      } catch (error) {
        if (!controller.signal.aborted) refuse(error);
      }
    };
    const timer = setTimeout(ask, DEBOUNCE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [client, key, activity]);
  return check;
}
