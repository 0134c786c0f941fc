import { useMemo, useRef, useState } from 'react';
import { type DownloadRecord, isFinished } from '../../../../shared/api-client/types.ts';
import { usePageContext, useSignedIn } from '../common/page-context.ts';
import { useAttempt } from '../common/use-attempt.tsx';
import { useWatch } from '../common/use-watch.ts';
import { useAnnouncedChanges } from '../record/use-announced-changes.ts';
import { type Downloads, withNextPage, withRecord, withSnapshot } from './downloads.ts';
import { type ListSearch, PAGE_SIZE } from './list-search.ts';

/**
 * Returns the list of a scope, kept up to date. `downloads` is undefined until the first page is loaded. `activity`
 * changes when one of the person's own records becomes active or ends, including one that the filter excludes, because
 * the outcome of a request may then be different.
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
  // As many records as there were when the user left the list. Loading further pages does not reload the list.
  const pageSize = useMemo(() => count, [key]);

  const downloads = known?.key === key ? known.downloads : undefined;
  /** Changes this list only: a late answer for another list is dropped. */
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
