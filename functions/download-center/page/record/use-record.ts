import { useEffect, useEffectEvent, useState } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { useSignedIn, useSurroundings } from '../common/page-context.ts';
import { wordsOf } from '../common/use-attempt.tsx';
import { useWatch } from '../list/use-watch.ts';

export type RecordState = { record: DownloadRecord } | { fault: string } | undefined;

/** One record, kept up to date: undefined until it is there, or what to say if it cannot be shown. */
export function useRecord(id: string) {
  const { client, texts } = useSurroundings();
  const { session, onSessionEnd } = useSignedIn();
  const [state, setState] = useState<RecordState>();
  const show = (record: DownloadRecord) => setState({ record });
  const fail = useEffectEvent((error: unknown) => {
    if (!(error instanceof ProblemError)) setState({ fault: texts.notReached });
    else if (error.status === 401) onSessionEnd();
    else setState({ fault: error.status === 404 ? texts.record.notFound : wordsOf(error, texts) });
  });
  const [connections, setConnections] = useState(0);

  useEffect(() => {
    client.get(id).then((record) => setState({ record }), fail);
  }, [client, id, connections]);

  // The widest scope that the person has: the record may be another's.
  const broken = useWatch({ scope: session.scopes.at(-1) ?? 'own', pageSize: 1 }, (event) => {
    if (event.event === 'snapshot') setConnections((count) => count + 1);
    if (event.event === 'record' && event.record.id === id) show(event.record);
  });
  return { state, broken, show };
}
