import { Tag } from 'antd';
import type { DownloadRecord, Status } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';
import { useNow } from '../common/use-now.ts';
import { statusOf } from './facts.ts';

const COLOURS: Record<Status, string> = {
  QUEUED: 'default',
  QUERYING: 'processing',
  WRITING: 'processing',
  COMPLETED: 'success',
  FAILED: 'error',
  CANCELLED: 'default',
  EXPIRED: 'warning',
};

/**
 * Shows a record's status. Before the download, it also shows if the file has no rows, and if a file that is ready for
 * others is closed to this person.
 */
export function StatusTag({ record }: { record: DownloadRecord }) {
  const { texts } = usePageContext();
  const status = statusOf(record, useNow(60_000));
  const isClosed = status === 'COMPLETED' && record.openable === false;
  const isEmpty = status === 'COMPLETED' && !isClosed && record.rows === 0;
  const words = isClosed ? texts.record.closed : texts.status[status];
  return (
    <Tag color={isClosed ? 'default' : COLOURS[status]} data-status={status}>
      {isEmpty ? texts.record.noRows(words) : words}
    </Tag>
  );
}
