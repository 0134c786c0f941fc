import type { ReactNode } from 'react';
import { type DownloadRecord, isFinished } from '../../../../shared/api-client/types.ts';
import { Instant } from '../common/instant.tsx';
import { usePageContext } from '../common/page-context.ts';
import { useNow } from '../common/use-now.ts';
import { dataAsOf, durationMs, statusOf } from './facts.ts';

/** Shows the time from the request to its end; for an active record, it continues to count. */
function Duration({ record }: { record: DownloadRecord }) {
  const { format } = usePageContext();
  const now = useNow(isFinished(record) ? 60_000 : 1000);
  return format.duration(durationMs(record, now));
}

function ExpiresIn({ record }: { record: DownloadRecord }) {
  const { texts, format } = usePageContext();
  const now = useNow(60_000);
  if (record.expiresAt === undefined || statusOf(record, now) !== 'COMPLETED') return texts.record.none;
  return (
    <time dateTime={record.expiresAt} title={format.instant(record.expiresAt)}>
      {format.relative(record.expiresAt, now)}
    </time>
  );
}

/** Returns a function that lists a record's figures by name, in display order. */
export function useFigures(): (record: DownloadRecord) => [key: string, label: string, value: ReactNode][] {
  const { texts, format } = usePageContext();
  const { none, ...labels } = texts.record;
  return (record) => {
    const asOf = dataAsOf(record);
    return [
      ['requested', labels.requested, <Instant key="requested" at={record.createdAt} />],
      ['duration', labels.duration, <Duration key="duration" record={record} />],
      ['rows', labels.rows, record.rows === undefined ? none : format.number(record.rows)],
      ['size', labels.size, record.bytes === undefined ? none : format.bytes(record.bytes)],
      ['dataAsOf', labels.dataAsOf, asOf === undefined ? none : <Instant key="asOf" at={asOf} />],
      ['expires', labels.expires, <ExpiresIn key="expires" record={record} />],
    ];
  };
}
