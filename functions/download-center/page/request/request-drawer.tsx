import { Drawer } from 'antd';
import { useState } from 'react';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';
import { RequestForm } from './request-form.tsx';

interface RequestDrawerProps {
  /** Changes when what a request would come to may have. */
  activity: number;
  /** Once it has been closed. */
  onClose: () => void;
  /** With the record that answers the request: a new one, or one that there was. */
  onCreated: (record: DownloadRecord) => void;
}

/** The form of a request, beside the list. */
export function RequestDrawer({ activity, onClose, onCreated }: RequestDrawerProps) {
  const { texts } = usePageContext();
  // Closed before it is gone: that gives the focus back to where it came from.
  const [open, setOpen] = useState(true);
  return (
    <Drawer
      open={open}
      title={texts.request.open}
      size="min(100vw, 32rem)"
      onClose={() => setOpen(false)}
      afterOpenChange={(isOpen) => isOpen || onClose()}
      aria-label={texts.request.open}
    >
      <RequestForm activity={activity} onCreated={onCreated} />
    </Drawer>
  );
}
