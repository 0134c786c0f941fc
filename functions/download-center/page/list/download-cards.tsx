import { Card } from 'antd';
import { Link } from '../common/link.tsx';
import { usePageContext, useReportTitle } from '../common/page-context.ts';
import { recordPath } from '../common/router.ts';
import { Actions } from '../record/actions.tsx';
import { ConditionsLine } from '../record/conditions-line.tsx';
import { useFigures } from '../record/figures.tsx';
import { StatusTag } from '../record/status-tag.tsx';
import { type ListProps, RowDetails } from './download-table.tsx';

/** Shows what the table shows as cards, one below the other, for a narrow window. */
export function DownloadCards({ records, withRequester, onChange }: ListProps) {
  const { texts } = usePageContext();
  const titleOf = useReportTitle();
  const figuresOf = useFigures();
  return (
    <ul className="cards">
      {records.map((record) => (
        <li key={record.id}>
          <Card size="small">
            <div className="stack">
              <div className="bar">
                <h2>
                  <Link to={recordPath(record.id)}>{titleOf(record.report)}</Link>
                </h2>
                <StatusTag record={record} />
              </div>
              <ConditionsLine record={record} />
              <RowDetails record={record} />
              <dl className="facts">
                {withRequester && (
                  <>
                    <dt>{texts.record.requestedBy}</dt>
                    <dd>{texts.person(record.adminId, record.departmentId)}</dd>
                  </>
                )}
                {figuresOf(record).map(([key, label, value]) => [
                  <dt key={`${key}-name`}>{label}</dt>,
                  <dd key={key}>{value}</dd>,
                ])}
              </dl>
              <Actions record={record} onChange={onChange} />
            </div>
          </Card>
        </li>
      ))}
    </ul>
  );
}
