import { App, Button, Empty, Spin } from 'antd';
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react';
import type { DownloadRecord, Scope, Status } from '../../../../shared/api-client/types.ts';
import { ConnectionNote } from '../common/connection-note.tsx';
import { Link } from '../common/link.tsx';
import { usePageContext, useReportTitle, useSignedIn } from '../common/page-context.ts';
import { lastScroll, navigate, recordPath, replaceSearch, useOverlay, useSearch } from '../common/router.ts';
import { useMedia } from '../common/use-media.ts';
import { DownloadCards } from './download-cards.tsx';
import { DownloadTable } from './download-table.tsx';
import { type Downloads, matches } from './downloads.ts';
import { FilterBar } from './filter-bar.tsx';
import { type ListSearch, listSearch, PAGE_SIZE, parseListSearch } from './list-search.ts';
import { useDownloads } from './use-downloads.ts';

interface ListViewProps {
  /**
   * Renders the request form beside the list, until it has closed. `activity` changes when the outcome of a request may
   * have changed.
   */
  renderRequest: (props: {
    isOpen: boolean;
    activity: number;
    onClose: () => void;
    afterClose: () => void;
    onCreated: (record: DownloadRecord) => void;
  }) => ReactNode;
}

/** Shows the downloads that the person may see, kept up to date, and a button to request another. */
export function ListView({ renderRequest }: ListViewProps) {
  const { texts } = usePageContext();
  const { list, change } = useListSearch();
  const { scope, filter } = list;
  const { downloads, activity, connection, showMore, isLoadingMore, show } = useDownloads(list);
  const { isOpen, open, close } = useOverlay('request');
  const [requesting, setRequesting] = useState(false);
  const tellOfHidden = useNewsOfHidden();
  useScrollBack(downloads !== undefined);

  useEffect(() => {
    document.title = texts.title;
  }, [texts]);

  const count = downloads && Math.ceil(downloads.records.length / PAGE_SIZE) * PAGE_SIZE;
  const keepCount = useEffectEvent(() => count !== undefined && change({ count }));
  useEffect(() => void keepCount(), [count]);

  if (isOpen && !requesting) setRequesting(true);
  const onChange = (record: DownloadRecord) => {
    show(record);
    if (!matches(filter, record) && downloads?.records.every(({ id }) => id !== record.id)) tellOfHidden(record);
  };
  return (
    <div className="stack">
      <div className="bar">
        <h1 tabIndex={-1}>{texts.list.heading}</h1>
        <Button type="primary" onClick={open}>
          {texts.request.open}
        </Button>
      </div>
      {requesting &&
        renderRequest({
          isOpen,
          activity,
          onClose: close,
          afterClose: () => setRequesting(false),
          onCreated: ({ id }) => navigate(recordPath(id)),
        })}
      <FilterBar
        scope={scope}
        onScope={(chosen) => change({ scope: chosen, count: PAGE_SIZE })}
        filter={filter}
        onFilter={(chosen) => change({ filter: chosen, count: PAGE_SIZE })}
      />
      <ConnectionNote connection={connection} />
      {downloads ? (
        <DownloadList
          downloads={downloads}
          filtered={Object.keys(filter).length > 0}
          scope={scope}
          onChange={onChange}
        />
      ) : (
        typeof connection === 'string' && (
          <div className="centered">
            <Spin aria-label={texts.loading} />
          </div>
        )
      )}
      {downloads?.nextPageToken !== undefined && (
        <div className="bar">
          <Button loading={isLoadingMore} onClick={showMore}>
            {texts.list.more}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Returns the list that the query string describes, and a function that changes it. */
function useListSearch() {
  const { texts } = usePageContext();
  const { session } = useSignedIn();
  const search = useSearch();
  const known = { scopes: session.scopes, statuses: Object.keys(texts.status) as Status[] };
  const list = parseListSearch(search, known);
  const change = (changed: Partial<ListSearch>) => {
    const next = listSearch({ ...list, ...changed });
    if (next !== search) replaceSearch(next);
  };
  return { list, change };
}

/** Restores the scroll position once the list is loaded. */
function useScrollBack(isThere: boolean): void {
  useEffect(() => {
    const last = lastScroll();
    if (isThere && last !== undefined) scrollTo(0, last);
  }, [isThere]);
}

/** Notifies the user where to find a new record that the filter excludes. */
function useNewsOfHidden(): (record: DownloadRecord) => void {
  const { texts } = usePageContext();
  const { notification } = App.useApp();
  const titleOf = useReportTitle();
  return ({ id, report }) =>
    notification.success({
      title: texts.request.requested(titleOf(report)),
      description: <Link to={recordPath(id)}>{texts.action.viewReport}</Link>,
    });
}

interface DownloadListProps {
  downloads: Downloads;
  filtered: boolean;
  scope: Scope;
  onChange: (record: DownloadRecord) => void;
}

/** Shows a table if the window is wide enough, and otherwise a card per record. */
function DownloadList({ downloads: { records }, filtered, scope, onChange }: DownloadListProps) {
  const { texts } = usePageContext();
  const withRequester = scope !== 'own';
  const hasRoom = useMedia(`(min-width: ${withRequester ? 1440 : 1200}px)`);
  if (records.length === 0) return <Empty description={filtered ? texts.list.emptyFiltered : texts.list.empty} />;
  const List = hasRoom ? DownloadTable : DownloadCards;
  return <List records={records} withRequester={withRequester} onChange={onChange} />;
}
