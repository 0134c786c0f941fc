import { useEffect, useEffectEvent, useState } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { errorMessage } from '../common/errors.ts';
import { usePageContext, useSignedIn } from '../common/page-context.ts';
import { useSessionEnd } from '../common/use-session-end.ts';
import { useWatch } from '../common/use-watch.ts';

export type RecordState = { record: DownloadRecord } | { error: string } | undefined;

/**
 * Returns one record, kept up to date. The state is undefined until the record is loaded, and an error message if it
 * cannot be shown.
 */
export function useRecord(id: string) {
  const { client, texts } = usePageContext();
  const { session } = useSignedIn();
  const endsSession = useSessionEnd();
  const [state, setState] = useState<RecordState>();
  const show = (record: DownloadRecord) => setState({ record });
  const fail = useEffectEvent((error: unknown) => {
    if (endsSession(error)) return;
    const notFound = error instanceof ProblemError && error.status === 404;
    setState({ error: notFound ? texts.record.notFound : errorMessage(error, texts) });
  });
  const [connections, setConnections] = useState(0);

  // A change of the language must not cause a new request.
  const load = useEffectEvent(() => client.get(id).then(show, fail));
  useEffect(() => void load(), [id, connections]);

  // Uses the person's widest scope, because the record may be another person's.
  const connection = useWatch({ scope: session.scopes.at(-1) ?? 'own', pageSize: 1 }, (event) => {
    if (event.event === 'snapshot' || event.event === 'limited') setConnections((count) => count + 1);
    if (event.event === 'record' && event.record.id === id) show(event.record);
  });
  return { state, connection, show };
}
