import { theme } from 'antd';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { usePageContext, useSignedIn } from '../common/page-context.ts';
import { summaryOf } from './summary.ts';

/** Shows what distinguishes a record from others of its report. */
export function ConditionsLine({ record }: { record: DownloadRecord }) {
  const { locale, texts, format } = usePageContext();
  const { token } = theme.useToken();
  const { reports } = useSignedIn();
  const line = summaryOf(reports.get(record.report)?.conditions ?? {}, record.conditions, locale, format);
  const parts = [line, record.conditionsWithheld ? texts.record.withheld : ''].filter((part) => part !== '');
  if (parts.length === 0) return null;
  return (
    <span className="conditions-line" style={{ color: token.colorTextSecondary }}>
      {parts.join(' · ')}
    </span>
  );
}
