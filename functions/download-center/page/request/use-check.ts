import { useEffect, useEffectEvent, useState } from 'react';
import type { DownloadRequest, RequestCheck } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';

/** Delay between the last change and the request to the server. */
const DEBOUNCE_MS = 400;

interface Check {
  /** Undefined while it is unknown. */
  check: RequestCheck | undefined;
  /** Asks the server immediately if the answer is unknown. Resolves to undefined if the server refuses. */
  settle: () => Promise<RequestCheck | undefined>;
}

/**
 * Returns the outcome that the request would have, requested from the server shortly after the request's last change.
 * `activity` changes when the outcome may have changed; the last answer remains until the next arrives. `onRefusal` is
 * called with the error if the server refuses the request, and with undefined if it accepts it.
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
