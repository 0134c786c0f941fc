import { Drawer } from 'antd';
import 'dayjs/locale/zh-cn';
import 'dayjs/locale/zh-tw';
import dayjs from 'dayjs';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { useSurroundings } from '../common/page-context.ts';
import { AskForm } from './ask-form.tsx';

interface AskDrawerProps {
  activeKey: string;
  onClose: () => void;
  onAnswer: (record: DownloadRecord) => void;
}

/** The form of a request, beside the list. All that dates need is loaded with it. */
export function AskDrawer({ activeKey, onClose, onAnswer }: AskDrawerProps) {
  const { locale, texts } = useSurroundings();
  dayjs.locale(locale.toLowerCase());
  return (
    <Drawer open title={texts.ask.open} size="min(100vw, 32rem)" onClose={onClose} aria-label={texts.ask.open}>
      <AskForm activeKey={activeKey} onAnswer={onAnswer} />
    </Drawer>
  );
}
