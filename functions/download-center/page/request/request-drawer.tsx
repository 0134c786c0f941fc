import { Drawer } from 'antd';
import { useState } from 'react';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';
import { RequestForm } from './request-form.tsx';

interface RequestDrawerProps {
  isOpen: boolean;
  /** Changes when what a request would come to may have. */
  activity: number;
  onClose: () => void;
  /** Closed before it is gone: that gives the focus back to where it came from. */
  afterClose: () => void;
  /** With the record that answers the request: a new one, or one that there was. */
  onCreated: (record: DownloadRecord) => void;
}

/** The form of a request, beside the list. */
export function RequestDrawer({ isOpen, activity, onClose, afterClose, onCreated }: RequestDrawerProps) {
  const { texts } = usePageContext();
  const [touched, setTouched] = useState(false);
  return (
    <Drawer
      open={isOpen}
      title={texts.request.open}
      size="min(100vw, 32rem)"
      onClose={onClose}
      afterOpenChange={(opened) => opened || afterClose()}
      // A click beside the form, made by mistake, takes nothing away.
      mask={{ closable: !touched }}
      aria-label={texts.request.open}
    >
      <RequestForm activity={activity} onTouch={() => setTouched(true)} onCreated={onCreated} />
    </Drawer>
  );
}
