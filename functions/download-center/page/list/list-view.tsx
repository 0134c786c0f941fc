import { Alert, Button, Empty, Grid, Spin } from 'antd';
import { lazy, Suspense, useEffect, useState } from 'react';
import type { DownloadRecord, Scope } from '../../../../shared/api-client/types.ts';
import { LoadBoundary } from '../common/load-boundary.tsx';
import { useSurroundings } from '../common/page-context.ts';
import { navigate, recordPath } from '../common/router.ts';
import { DownloadCards } from './download-cards.tsx';
import { DownloadTable } from './download-table.tsx';
import type { Downloads, Filter } from './downloads.ts';
import { FilterBar } from './filter-bar.tsx';
import { useDownloads } from './use-downloads.ts';

const AskDrawer = lazy(async () => ({ default: (await import('../ask/ask-drawer.tsx')).AskDrawer }));

/** The downloads that one may see, as they go on, and the way to ask for another. */
export function ListView() {
  const { locale, texts } = useSurroundings();
  const [scope, setScope] = useState<Scope>('own');
  const [filter, setFilter] = useState<Filter>({});
  const [asking, setAsking] = useState(false);
  const { downloads, activity, broken, showMore, show } = useDownloads(scope, filter);

  useEffect(() => {
    document.title = texts.title;
  }, [texts]);

  const open = (record: DownloadRecord) => {
    setAsking(false);
    navigate(recordPath(record.id));
  };
  return (
    <div className="stack">
      <div className="bar">
        <h1 tabIndex={-1}>{texts.list.heading}</h1>
        <Button type="primary" onClick={() => setAsking(true)}>
          {texts.ask.open}
        </Button>
      </div>
      {asking && (
        <LoadBoundary locale={locale}>
          <Suspense>
            <AskDrawer activity={activity} onClose={() => setAsking(false)} onAnswer={open} />
          </Suspense>
        </LoadBoundary>
      )}
      <FilterBar scope={scope} onScope={setScope} filter={filter} onFilter={setFilter} />
      {broken && <Alert type="warning" showIcon title={texts.list.broken} />}
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
  const { texts } = useSurroundings();
  const { xl } = Grid.useBreakpoint();
  if (records.length === 0) return <Empty description={filtered ? texts.list.emptyFiltered : texts.list.empty} />;
  const List = xl ? DownloadTable : DownloadCards;
  return <List records={records} withAsker={scope !== 'own'} onChange={onChange} />;
}
