import { Alert, Modal, Spin } from 'antd';
import { useEffect, useEffectEvent, useState } from 'react';
import type { DownloadRecord, Preview } from '../../../../shared/api-client/types.ts';
import { errorMessage } from '../common/errors.ts';
import { usePageContext, useReportTitle } from '../common/page-context.ts';
import { useSessionEnd } from '../common/use-session-end.ts';

/** The first rows of a record's file, in a table. */
export function PreviewDialog({ record, onClose }: { record: DownloadRecord; onClose: () => void }) {
  const { client, texts } = usePageContext();
  const endsSession = useSessionEnd();
  const title = texts.preview.title(useReportTitle()(record.report));
  // Closed before it is gone: that gives the focus back to where it came from.
  const [open, setOpen] = useState(true);
  const [preview, setPreview] = useState<Preview>();
  const [failure, setFailure] = useState<string>();
  const fail = useEffectEvent((error: unknown) => {
    if (!endsSession(error)) setFailure(errorMessage(error, texts));
  });

  useEffect(() => {
    client.preview(record.id).then(setPreview, fail);
  }, [client, record.id]);

  return (
    <Modal
      open={open}
      title={title}
      footer={null}
      width="min(90vw, 80rem)"
      onCancel={() => setOpen(false)}
      afterClose={onClose}
    >
      {failure !== undefined && <Alert type="error" title={failure} />}
      {failure === undefined && !preview && <Spin aria-label={texts.loading} />}
      {preview && <PreviewTable preview={preview} title={title} />}
    </Modal>
  );
}

function PreviewTable({ preview: { columns, rows, truncated }, title }: { preview: Preview; title: string }) {
  const { texts, format } = usePageContext();
  const caption = truncated ? texts.preview.first : texts.preview.whole;
  return (
    <>
      <p>{caption(format.number(rows.length), rows.length)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className="sheet" tabIndex={0} aria-label={title}>
        <table>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, number) => (
              <tr key={number}>
                {row.map((cell, index) => (
                  <td key={columns[index]}>{cell}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
