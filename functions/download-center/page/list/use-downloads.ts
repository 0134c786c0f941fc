import { useEffect, useRef, useState } from 'react';
import {
  type DownloadFilter,
  type DownloadRecord,
  isFinished,
  type Scope,
} from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';
import { useAttempt } from '../common/use-attempt.tsx';
import { useWatch } from '../common/use-watch.ts';
import { useAnnouncedChanges } from '../record/use-announced-changes.ts';
import { type Downloads, type Filter, withNextPage, withRecord, withSnapshot } from './downloads.ts';

const PAGE_SIZE = 20;

/**
 * The list of a scope, kept up to date. `downloads` is undefined until its first page is there. `activity` changes when a record begins or ends to be in work, also one that
 * the filter leaves out: what a request would come to may then be something else.
 */
export function useDownloads(scope: Scope, filter: Filter) {
  const { client } = usePageContext();
  const attempt = useAttempt();
  const [downloads, setDownloads] = useState<Downloads>();
  const [activity, setActivity] = useState(0);
  const finished = useRef(new Map<string, boolean>());
  const query: DownloadFilter = { scope, ...filter, pageSize: PAGE_SIZE };
  const key = JSON.stringify(query);

  useEffect(() => setDownloads(undefined), [key]);

  const disconnected = useWatch(query, (event) => {
    if (event.event === 'snapshot') {
      setDownloads((known) => withSnapshot(known, event.page));
      setActivity((count) => count + 1);
    }
    if (event.event === 'record') {
      const { id } = event.record;
      setDownloads((known) => known && withRecord(known, event.record, filter));
      if (finished.current.get(id) !== isFinished(event.record)) setActivity((count) => count + 1);
      finished.current.set(id, isFinished(event.record));
    }
  });
  useAnnouncedChanges(downloads?.records);

  const showMore = async () => {
    const pageToken = downloads?.nextPageToken;
    if (pageToken === undefined) return;
    await attempt(async () => {
      const page = await client.list({ ...query, pageToken });
      setDownloads((known) => known && withNextPage(known, page));
    });
  };
  const show = (record: DownloadRecord) => setDownloads((known) => known && withRecord(known, record, filter));
  return { downloads, activity, disconnected, showMore, show };
}
