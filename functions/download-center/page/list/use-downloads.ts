import { useMemo, useRef, useState } from 'react';
import { type DownloadRecord, isFinished } from '../../../../shared/api-client/types.ts';
import { usePageContext, useSignedIn } from '../common/page-context.ts';
import { useAttempt } from '../common/use-attempt.tsx';
import { useWatch } from '../common/use-watch.ts';
import { useAnnouncedChanges } from '../record/use-announced-changes.ts';
import { type Downloads, withNextPage, withRecord, withSnapshot } from './downloads.ts';
import { type ListSearch, PAGE_SIZE } from './list-search.ts';

/**
 * The list of a scope, kept up to date. `downloads` is undefined until its first page is there. `activity` changes when a record of the person's own begins or ends to be in work, also
 * one that the filter leaves out: what a request would come to may then be something else.
 */
export function useDownloads({ scope, filter, count }: ListSearch) {
  const { client } = usePageContext();
  const { isMine } = useSignedIn();
  const attempt = useAttempt();
  const query = { scope, ...filter };
  const key = JSON.stringify(query);
  const [known, setKnown] = useState<{ key: string; downloads: Downloads }>();
  const [loadingMore, setLoadingMore] = useState<string>();
  const [activity, setActivity] = useState(0);
  const finished = useRef(new Map<string, boolean>());
  // As many as there were when the list was left; those that are loaded further on do not begin it anew.
  const pageSize = useMemo(() => count, [key]);

  const downloads = known?.key === key ? known.downloads : undefined;
  /** Of this list alone: what comes late, of another, is for nobody. */
  const change = (changed: (downloads: Downloads) => Downloads) =>
    setKnown((now) => (now?.key === key ? { key, downloads: changed(now.downloads) } : now));

  const connection = useWatch({ ...query, pageSize }, (event) => {
    if ((event.event === 'snapshot' || event.event === 'limited') && event.page) {
      const { page } = event;
      setKnown((now) => ({ key, downloads: withSnapshot(now?.key === key ? now.downloads : undefined, page) }));
      setActivity((times) => times + 1);
    }
    if (event.event === 'record') {
      const { record } = event;
      change((now) => withRecord(now, record, filter));
      if (isMine(record) && finished.current.get(record.id) !== isFinished(record)) setActivity((times) => times + 1);
      finished.current.set(record.id, isFinished(record));
    }
  });
  useAnnouncedChanges(downloads?.records);

  const showMore = async () => {
    const pageToken = downloads?.nextPageToken;
    if (pageToken === undefined) return;
    setLoadingMore(key);
    await attempt(async () => {
      const page = await client.list({ ...query, pageSize: PAGE_SIZE, pageToken });
      change((now) => withNextPage(now, page));
    });
    setLoadingMore(undefined);
  };
  const show = (record: DownloadRecord) => change((now) => withRecord(now, record, filter));
  return { downloads, activity, connection, showMore, isLoadingMore: loadingMore === key, show };
}
