import { Alert, Modal, Spin } from 'antd';
import { useEffect, useEffectEvent, useState } from 'react';
import type { DownloadRecord, Preview } from '../../../../shared/api-client/types.ts';
import { errorMessage } from '../common/errors.ts';
import { usePageContext, useReportTitle } from '../common/page-context.ts';
import { useSessionEnd } from '../common/use-session-end.ts';

interface PreviewDialogProps {
  record: DownloadRecord;
  isOpen: boolean;
  onClose: () => void;
  /**
   * Called after the dialog has closed. It closes before it is removed, so that the focus returns to where it came
   * from.
   */
  afterClose: () => void;
}

/** Shows the first rows of a record's file in a table. */
export function PreviewDialog({ record, isOpen, onClose, afterClose }: PreviewDialogProps) {
  const { client, texts } = usePageContext();
  const endsSession = useSessionEnd();
  const title = texts.preview.title(useReportTitle()(record.report));
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
      open={isOpen}
      title={title}
      footer={null}
      width="min(90vw, 80rem)"
      onCancel={onClose}
      afterClose={afterClose}
    >
      {failure !== undefined && <Alert type="error" title={failure} />}
      {failure === undefined && !preview && <Spin aria-label={texts.loading} />}
      {preview && <PreviewTable preview={preview} title={title} />}
    </Modal>
  );
}

/** A number as the file contains it, or an empty cell. */
const NUMBER = /^(-?\d+(\.\d+)?)?$/;

/** A cell with more characters is cut off. */
const WIDE = 40;

function PreviewTable({ preview: { columns, rows, truncated }, title }: { preview: Preview; title: string }) {
  const { texts, format } = usePageContext();
  const isNumeric = columns.map((_, index) => rows.every((row) => NUMBER.test(row[index] ?? '')));
  const classOf = (index: number) => (isNumeric[index] ? 'amount' : undefined);
  const caption = truncated ? texts.preview.first : texts.preview.whole;
  return (
    <>
      <p>{caption(format.number(rows.length), rows.length)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard */}
      <section className="sheet" tabIndex={0} aria-label={title}>
        <table>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th key={column} scope="col" className={classOf(index)}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, number) => (
              <tr key={number}>
                {row.map((cell, index) => (
                  <td key={columns[index]} className={classOf(index)} title={cell.length > WIDE ? cell : undefined}>
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  );
}
