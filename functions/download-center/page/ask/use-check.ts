import { useEffect, useEffectEvent, useState } from 'react';
import type { DownloadRequest, RequestCheck } from '../../../../shared/api-client/types.ts';
import { useSurroundings } from '../common/page-context.ts';

/** So long after the last change the server is asked. */
const PAUSE_MS = 400;

/**
 * What the request would come to, asked a moment after it has last changed; undefined while that is not known. `activity` changes when the answer may have. A refusal is
 * handed to `onRefusal`, the all-clear as undefined.
 */
export function useCheck(
  request: DownloadRequest | undefined,
  activity: number,
  onRefusal: (error: unknown) => void,
): RequestCheck | undefined {
  const { client } = useSurroundings();
  const [check, setCheck] = useState<RequestCheck>();
  const refuse = useEffectEvent(onRefusal);
  const key = request && JSON.stringify(request);

  useEffect(() => {
    setCheck(undefined);
    if (key === undefined) return;
    const leaving = new AbortController();
    const ask = async () => {
      try {
        const answer = await client.check(JSON.parse(key), leaving.signal);
        if (leaving.signal.aborted) return;
        setCheck(answer);
        refuse(undefined);
      } catch (error) {
        if (!leaving.signal.aborted) refuse(error);
      }
    };
    const timer = setTimeout(ask, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [client, key, activity]);
  return check;
}
