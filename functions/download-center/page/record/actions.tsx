import { App, Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { type DownloadRecord, isFinished } from '../../../../shared/api-client/types.ts';
import { LoadBoundary } from '../common/load-boundary.tsx';
import { usePageContext, useReportTitle, useSignedIn } from '../common/page-context.ts';
import { recordPath } from '../common/router.ts';
import { useAttempt } from '../common/use-attempt.tsx';
import { hasFile } from './facts.ts';
import { isWorthRetrying } from './failure-kind.ts';

const PreviewDialog = lazy(async () => ({ default: (await import('./preview-dialog.tsx')).PreviewDialog }));

interface ActionsProps {
  record: DownloadRecord;
  /** A record that an action has changed or made. */
  onChange: (record: DownloadRecord) => void;
}

/** What the person may do with a record as it stands. Cancelling and trying again are its owner's. */
export function Actions({ record, onChange }: ActionsProps) {
  const { client, locale, texts } = usePageContext();
  const { session } = useSignedIn();
  const { modal, message, notification } = App.useApp();
  const attempt = useAttempt();
  const title = useReportTitle()(record.report);
  const [working, setWorking] = useState(false);
  const [previewing, setPreviewing] = useState(false);
  const { id } = record;
  const own = record.adminId === session.adminId && record.source === session.source;

  const run = async (action: () => Promise<void>) => {
    setWorking(true);
    await attempt(action);
    setWorking(false);
  };
  // The answer's Content-Disposition makes it a download: the page stays.
  const download = () => run(async () => location.assign((await client.file(id)).url));
  const retry = () => run(async () => onChange(await client.retry(id)));
  const cancel = () =>
    modal.confirm({
      title: texts.action.cancelConfirm,
      content: title,
      okText: texts.action.cancelYes,
      cancelText: texts.action.cancelNo,
      onOk: () => run(async () => onChange(await client.cancel(id))),
    });
  const copyLink = async () => {
    const link = `${location.origin}${recordPath(id)}`;
    try {
      await navigator.clipboard.writeText(link);
      message.success(texts.action.copied);
    } catch {
      notification.info({ title: texts.action.notCopied(link), duration: 0 });
    }
  };
  const named = (action: string) => ({ 'aria-label': texts.action.label(action, title) });
  const finished = isFinished(record);
  const again = record.status === 'EXPIRED' ? texts.action.runAgain : texts.action.retry;
  return (
    <div className="bar">
      {hasFile(record, Date.now()) && record.openable !== false && (
        <>
          <Button type="primary" loading={working} onClick={download} {...named(texts.action.download)}>
            {texts.action.download}
          </Button>
          <Button onClick={() => setPreviewing(true)} {...named(texts.action.preview)}>
            {texts.action.preview}
          </Button>
        </>
      )}
      {own && finished && record.status !== 'COMPLETED' && (
        <Button
          type={record.failure && isWorthRetrying(record.failure.code) ? 'primary' : 'default'}
          loading={working}
          onClick={retry}
          {...named(again)}
        >
          {again}
        </Button>
      )}
      {own && !finished && (
        <Button danger loading={working} onClick={cancel} {...named(texts.action.cancel)}>
          {texts.action.cancel}
        </Button>
      )}
      <Button onClick={copyLink} {...named(texts.action.copyLink)}>
        {texts.action.copyLink}
      </Button>
      {previewing && (
        <LoadBoundary locale={locale}>
          <Suspense>
            <PreviewDialog record={record} onClose={() => setPreviewing(false)} />
          </Suspense>
        </LoadBoundary>
      )}
    </div>
  );
}
