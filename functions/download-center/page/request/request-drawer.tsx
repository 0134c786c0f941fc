import { Drawer } from 'antd';
import { useState } from 'react';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';
import { RequestForm } from './request-form.tsx';

interface RequestDrawerProps {
  isOpen: boolean;
  /** Changes when the outcome of a request may have changed. */
  activity: number;
  onClose: () => void;
  /**
   * Called after the drawer has closed. It closes before it is removed, so that the focus returns to where it came
   * from.
   */
  afterClose: () => void;
  /** Called with the record that answers the request: a new one or an existing one. */
  onCreated: (record: DownloadRecord) => void;
}

/** The request form, beside the list. */
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
      // An accidental click beside the form must not discard what was entered.
      mask={{ closable: !touched }}
      aria-label={texts.request.open}
    >
      <RequestForm activity={activity} onTouch={() => setTouched(true)} onCreated={onCreated} />
    </Drawer>
  );
}
