import { Tag } from 'antd';
import type { Status } from '../../../../shared/api-client/types.ts';
import { useSurroundings } from '../common/page-context.ts';

const COLOURS: Record<Status, string> = {
  QUEUED: 'default',
  QUERYING: 'processing',
  WRITING: 'processing',
  COMPLETED: 'success',
  FAILED: 'error',
  CANCELLED: 'default',
  EXPIRED: 'warning',
};

export function StatusTag({ status }: { status: Status }) {
  const { texts } = useSurroundings();
  return (
    <Tag color={COLOURS[status]} data-status={status}>
      {texts.status[status]}
    </Tag>
  );
}
