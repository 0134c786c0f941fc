import { useEffect, useEffectEvent, useRef } from 'react';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { usePageContext, useReportTitle, useSignedIn } from '../common/page-context.ts';

/** Announces to users of screen readers that the status of a shown record has changed. */
export function useAnnouncedChanges(records: readonly DownloadRecord[] | undefined): void {
  const { texts } = usePageContext();
  const { announce } = useSignedIn();
  const titleOf = useReportTitle();
  const last = useRef(new Map<string, string>());
  const compare = useEffectEvent((shown: readonly DownloadRecord[]) => {
    const changed = shown.filter(({ id, status }) => (last.current.get(id) ?? status) !== status);
    const sentences = changed.map(({ report, status }) =>
      texts.progress.changed(titleOf(report), texts.status[status]),
    );
    if (sentences.length > 0) announce(sentences.join(' '));
    last.current = new Map(shown.map(({ id, status }) => [id, status]));
  });
  useEffect(() => {
    if (records) compare(records);
  }, [records]);
}
