import { Drawer } from 'antd';
import { useState } from 'react';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { useSurroundings } from '../common/page-context.ts';
import { AskForm } from './ask-form.tsx';

interface AskDrawerProps {
  activity: number;
  /** Once it has been closed. */
  onClose: () => void;
  onAnswer: (record: DownloadRecord) => void;
}

/** The form of a request, beside the list. */
export function AskDrawer({ activity, onClose, onAnswer }: AskDrawerProps) {
  const { texts } = useSurroundings();
  // Closed before it is gone: that gives the focus back to where it came from.
  const [open, setOpen] = useState(true);
  return (
    <Drawer
      open={open}
      title={texts.ask.open}
      size="min(100vw, 32rem)"
      onClose={() => setOpen(false)}
      afterOpenChange={(isOpen) => isOpen || onClose()}
      aria-label={texts.ask.open}
    >
      <AskForm activity={activity} onAnswer={onAnswer} />
    </Drawer>
  );
}
