import { Progress } from 'antd';
import { type DownloadRecord, isFinished } from '../../../../shared/api-client/types.ts';
import { usePageContext, useSourceTitle } from '../common/page-context.ts';
import { shareOf, stagesOf } from './facts.ts';

/** Shows a bar per stage, and one per source with its rows so far. */
export function SourceProgressBars({ record }: { record: DownloadRecord }) {
  const { texts, format } = usePageContext();
  const titleOf = useSourceTitle(record.report);
  const stopped = isFinished(record) && record.status !== 'COMPLETED';
  const failed = new Set(record.failure?.sources?.map(({ source }) => source));
  const bar = (label: string, share: number | undefined, size: 'small' | 'medium', isFailed = false) => (
    <Progress
      aria-label={label}
      percent={Math.round((share ?? 0) * 100)}
      size={size}
      status={isFailed ? 'exception' : share === 1 ? 'success' : stopped ? 'normal' : 'active'}
      format={() => (share !== undefined ? format.percent(share) : stopped ? '' : '…')}
    />
  );
  return (
    <ol className="sources">
      {stagesOf(record).map(({ stage, share, sources }) => (
        <li key={stage}>
          <span>{texts.progress.stage(format.number(stage + 1))}</span>
          {bar(texts.progress.stage(format.number(stage + 1)), share, 'medium')}
          <ul className="sources">
            {sources.map(({ name, progress }) => (
              <li key={name}>
                <span className="source-name">
                  <span>{titleOf(name, progress.table)}</span>
                  <span>
                    {progress.status === 'DONE' || (progress.status === 'QUERYING' && !stopped)
                      ? texts.progress.rows(format.number(progress.rows), progress.rows)
                      : failed.has(name)
                        ? texts.status.FAILED
                        : stopped
                          ? texts.progress.unfinished
                          : texts.progress.waiting}
                  </span>
                </span>
                {bar(titleOf(name, progress.table), shareOf(progress), 'small', failed.has(name))}
              </li>
            ))}
          </ul>
        </li>
      ))}
      {record.status === 'WRITING' && (
        <li>
          <span>{texts.progress.writing}</span>
          {bar(texts.progress.writing, undefined, 'medium')}
        </li>
      )}
    </ol>
  );
}
