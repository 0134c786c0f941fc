import { Alert, Button, Empty, Grid, Spin } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import type { DownloadRecord, Scope } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';
import { navigate, recordPath } from '../common/router.ts';
import { DownloadCards } from './download-cards.tsx';
import { DownloadTable } from './download-table.tsx';
import type { Downloads, Filter } from './downloads.ts';
import { FilterBar } from './filter-bar.tsx';
import { useDownloads } from './use-downloads.ts';

interface ListViewProps {
  /** The form of a request, beside the list. `activity` changes when what a request would come to may have. */
  renderRequest: (props: {
    activity: number;
    onClose: () => void;
    onCreated: (record: DownloadRecord) => void;
  }) => ReactNode;
}

/** The downloads that one may see, as they go on, and the way to request another. */
export function ListView({ renderRequest }: ListViewProps) {
  const { texts } = usePageContext();
  const [scope, setScope] = useState<Scope>('own');
  const [filter, setFilter] = useState<Filter>({});
  const [requesting, setRequesting] = useState(false);
  const { downloads, activity, disconnected, showMore, show } = useDownloads(scope, filter);

  useEffect(() => {
    document.title = texts.title;
  }, [texts]);

  const open = (record: DownloadRecord) => {
    setRequesting(false);
    navigate(recordPath(record.id));
  };
  return (
    <div className="stack">
      <div className="bar">
        <h1 tabIndex={-1}>{texts.list.heading}</h1>
        <Button type="primary" onClick={() => setRequesting(true)}>
          {texts.request.open}
        </Button>
      </div>
      {requesting && renderRequest({ activity, onClose: () => setRequesting(false), onCreated: open })}
      <FilterBar scope={scope} onScope={setScope} filter={filter} onFilter={setFilter} />
      {disconnected && <Alert type="warning" showIcon title={texts.disconnected} />}
      {downloads ? (
        <DownloadList downloads={downloads} filtered={Object.keys(filter).length > 0} scope={scope} onChange={show} />
      ) : (
        <div className="centered">
          <Spin aria-label={texts.loading} />
        </div>
      )}
      {downloads?.nextPageToken !== undefined && (
        <div className="bar">
          <Button onClick={showMore}>{texts.list.more}</Button>
        </div>
      )}
    </div>
  );
}

interface DownloadListProps {
  downloads: Downloads;
  filtered: boolean;
  scope: Scope;
  onChange: (record: DownloadRecord) => void;
}

/** A table where there is room for it, else a card for each. */
function DownloadList({ downloads: { records }, filtered, scope, onChange }: DownloadListProps) {
  const { texts } = usePageContext();
  const { xl } = Grid.useBreakpoint();
  if (records.length === 0) return <Empty description={filtered ? texts.list.emptyFiltered : texts.list.empty} />;
  const List = xl ? DownloadTable : DownloadCards;
  return <List records={records} withRequester={scope !== 'own'} onChange={onChange} />;
}
