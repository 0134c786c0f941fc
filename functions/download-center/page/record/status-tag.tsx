import { Tag } from 'antd';
import type { DownloadRecord, Status } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';

const COLOURS: Record<Status, string> = {
  QUEUED: 'default',
  QUERYING: 'processing',
  WRITING: 'processing',
  COMPLETED: 'success',
  FAILED: 'error',
  CANCELLED: 'default',
  EXPIRED: 'warning',
};

/** How a record stands; of a file without rows that too, before it is downloaded. */
export function StatusTag({ record: { status, rows } }: { record: DownloadRecord }) {
  const { texts } = usePageContext();
  return (
    <Tag color={COLOURS[status]} data-status={status}>
      {status === 'COMPLETED' && rows === 0 ? texts.record.noRows(texts.status[status]) : texts.status[status]}
    </Tag>
  );
}
