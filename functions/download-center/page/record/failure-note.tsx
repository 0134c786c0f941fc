import { Alert } from 'antd';
import type { DownloadRecord, Failure } from '../../../../shared/api-client/types.ts';
import { usePageContext, useSourceTitle } from '../common/page-context.ts';
import { failureKind } from './failure-kind.ts';

/** Shows in one line why a record failed. */
export function FailureLine({ failure }: { failure: Failure }) {
  const { texts } = usePageContext();
  const { reason } = texts.failure[failureKind(failure.code)];
  return <Alert type="error" role="group" aria-label={texts.failure.heading} title={reason} />;
}

/** Shows why a record failed and what can be done about it. The technical message can be unfolded. */
export function FailureNote({ record, failure }: { record: DownloadRecord; failure: Failure }) {
  const { texts, format } = usePageContext();
  const titleOf = useSourceTitle(record.report);
  const { reason, advice } = texts.failure[failureKind(failure.code)];
  const { sources = [] } = failure;
  return (
    <Alert
      type="error"
      // The note is part of the page, not news to be announced at each render.
      role="group"
      aria-label={texts.failure.heading}
      title={reason}
      description={
        <>
          <p>{advice}</p>
          {sources.length > 0 && (
            <p>{texts.failure.sourceList(format.list(sources.map(({ source, table }) => titleOf(source, table))))}</p>
          )}
          <details>
            <summary>{texts.failure.technical}</summary>
            <code className="technical">
              {failure.message === undefined ? failure.code : `${failure.code}: ${failure.message}`}
            </code>
          </details>
        </>
      }
    />
  );
}
