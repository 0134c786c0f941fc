import { Table, type TableColumnsType } from 'antd';
import { type DownloadRecord, isFinished } from '../../../../shared/api-client/types.ts';
import { Link } from '../common/link.tsx';
import { usePageContext, useReportTitle } from '../common/page-context.ts';
import { recordPath } from '../common/router.ts';
import { Actions } from '../record/actions.tsx';
import { ConditionsLine } from '../record/conditions-line.tsx';
import { FailureLine } from '../record/failure-note.tsx';
import { useFigures } from '../record/figures.tsx';
import { SourceProgressBars } from '../record/source-progress.tsx';
import { StatusTag } from '../record/status-tag.tsx';

export interface ListProps {
  records: readonly DownloadRecord[];
  /** Whether the list may contain other people's records. */
  withRequester: boolean;
  onChange: (record: DownloadRecord) => void;
}

/** Figures that users compare digit by digit. */
const AMOUNTS = new Set(['duration', 'rows', 'size']);

/**
 * A table with a row per record. Below an active record its progress is shown, and below a failed one the reason. What
 * can be done about a failure is in the record's details.
 */
export function DownloadTable({ records, withRequester, onChange }: ListProps) {
  const { texts } = usePageContext();
  const titleOf = useReportTitle();
  const figuresOf = useFigures();
  const [first] = records;
  const figureColumns = first === undefined ? [] : figuresOf(first);

  const columns: TableColumnsType<DownloadRecord> = [
    {
      key: 'report',
      title: texts.record.report,
      render: (_, record) => (
        <div className="lines">
          <Link to={recordPath(record.id)} label={texts.list.details(titleOf(record.report))}>
            {titleOf(record.report)}
          </Link>
          <ConditionsLine record={record} />
        </div>
      ),
    },
    ...(withRequester
      ? [
          {
            key: 'requester',
            title: texts.record.requestedBy,
            render: (_: unknown, { adminId, departmentId }: DownloadRecord) => texts.person(adminId, departmentId),
          },
        ]
      : []),
    { key: 'status', title: texts.record.status, render: (_, record) => <StatusTag record={record} /> },
    ...figureColumns.map(([key, title], index) => ({
      key,
      title,
      className: 'figure',
      ...(AMOUNTS.has(key) ? { align: 'right' as const } : {}),
      render: (_: unknown, record: DownloadRecord) => figuresOf(record)[index]?.[2],
    })),
    {
      key: 'actions',
      title: texts.list.actions,
      render: (_, record) => <Actions record={record} onChange={onChange} />,
    },
  ];
  return (
    <Table
      rowKey="id"
      columns={columns}
      dataSource={[...records]}
      pagination={false}
      size="middle"
      scroll={{ x: 1100 }}
      expandable={{
        showExpandColumn: false,
        expandedRowKeys: records.filter((record) => !isFinished(record) || record.failure).map(({ id }) => id),
        expandedRowRender: (record) => <RowDetails record={record} />,
      }}
    />
  );
}

export function RowDetails({ record }: { record: DownloadRecord }) {
  if (record.failure) return <FailureLine failure={record.failure} />;
  return isFinished(record) ? null : <SourceProgressBars record={record} />;
}
