import { App, Button, Input } from 'antd';
import { lazy, Suspense, useRef, useState } from 'react';
import { type DownloadRecord, isFinished } from '../../../../shared/api-client/types.ts';
import { LoadBoundary } from '../common/load-boundary.tsx';
import { usePageContext, useReportTitle, useSignedIn } from '../common/page-context.ts';
import { recordPath, useOverlay } from '../common/router.ts';
import { useAttempt } from '../common/use-attempt.tsx';
import { useNow } from '../common/use-now.ts';
import { statusOf } from './facts.ts';
import { isWorthRetrying } from './failure-kind.ts';
import { LinkIcon } from './link-icon.tsx';

const PreviewDialog = lazy(async () => ({ default: (await import('./preview-dialog.tsx')).PreviewDialog }));

interface ActionsProps {
  record: DownloadRecord;
  /** Called with the record that an action has changed or created. */
  onChange: (record: DownloadRecord) => void;
}

/**
 * Shows the actions that are open to the person for a record in its present status. Only its owner can cancel or retry
 * it.
 */
export function Actions({ record, onChange }: ActionsProps) {
  const { client, locale, texts } = usePageContext();
  const { isMine } = useSignedIn();
  const { modal } = App.useApp();
  const attempt = useAttempt();
  const title = useReportTitle()(record.report);
  const status = statusOf(record, useNow(60_000));
  const place = useRef<HTMLDivElement>(null);
  const [working, setWorking] = useState(false);
  const preview = useOverlay(`preview ${record.id}`);
  const [previewing, setPreviewing] = useState(false);
  const { id } = record;
  const own = isMine(record);

  if (preview.isOpen && !previewing) setPreviewing(true);
  const run = async (action: () => Promise<void>) => {
    setWorking(true);
    await attempt(action);
    setWorking(false);
  };
  // The answer's Content-Disposition makes this a download, so the page stays open.
  const download = () => run(async () => location.assign((await client.file(id)).url));
  const retry = () => run(async () => onChange(await client.retry(id)));
  const cancel = () => {
    let cancelled = false;
    modal.confirm({
      title: texts.action.cancelConfirm,
      content: title,
      okText: texts.action.cancelYes,
      cancelText: texts.action.cancelNo,
      onOk: () =>
        run(async () => {
          onChange(await client.cancel(id));
          cancelled = true;
        }),
      afterClose: () => cancelled && focusBeside(place.current),
    });
  };
  const named = (action: string) => ({ 'aria-label': texts.action.label(action, title) });
  const finished = isFinished(record);
  const again = status === 'EXPIRED' ? texts.action.runAgain : texts.action.retry;
  return (
    <div className="bar" ref={place}>
      {status === 'COMPLETED' &&
        (record.openable === false ? (
          <span className="reason">{texts.record.closedReason}</span>
        ) : (
          <>
            <Button type="primary" loading={working} onClick={download} {...named(texts.action.download)}>
              {texts.action.download}
            </Button>
            <Button onClick={preview.open} {...named(texts.action.preview)}>
              {texts.action.preview}
            </Button>
          </>
        ))}
      {own && finished && status !== 'COMPLETED' && (
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
      <CopyLink id={id} title={title} />
      {previewing && (
        <LoadBoundary locale={locale}>
          <Suspense>
            <PreviewDialog
              record={record}
              isOpen={preview.isOpen}
              onClose={preview.close}
              afterClose={() => setPreviewing(false)}
            />
          </Suspense>
        </LoadBoundary>
      )}
    </div>
  );
}

/** Moves the keyboard focus next to the button that has disappeared. */
function focusBeside(place: HTMLElement | null): void {
  const near = place?.closest('tr, li')?.querySelector<HTMLElement>('a');
  (near ?? document.querySelector<HTMLElement>('h1'))?.focus();
}

function CopyLink({ id, title }: { id: string; title: string }) {
  const { texts } = usePageContext();
  const { message, notification } = App.useApp();
  const copy = async () => {
    const link = `${location.origin}${recordPath(id)}`;
    try {
      await navigator.clipboard.writeText(link);
      message.success(texts.action.copied);
    } catch {
      // For example in the frame of a portal that does not allow it.
      const field = (
        <Input readOnly aria-label={texts.action.link} value={link} onFocus={(event) => event.target.select()} />
      );
      notification.info({ title: texts.action.notCopied, description: field, duration: 0 });
    }
  };
  return (
    <Button
      icon={<LinkIcon />}
      title={texts.action.copyLink}
      onClick={copy}
      aria-label={texts.action.label(texts.action.copyLink, title)}
    />
  );
}
