import { Alert, Card, Spin } from 'antd';
import { useEffect } from 'react';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { describeConditions } from '../common/condition-schema.ts';
import { ConnectionNote } from '../common/connection-note.tsx';
import { Instant } from '../common/instant.tsx';
import { Link } from '../common/link.tsx';
import { usePageContext, useReportTitle, useSignedIn } from '../common/page-context.ts';
import { listPath, navigate, recordPath } from '../common/router.ts';
import { LOCALES } from '../common/settings.ts';
import { Actions } from '../record/actions.tsx';
import { FailureNote } from '../record/failure-note.tsx';
import { useFigures } from '../record/figures.tsx';
import { SourceProgressBars } from '../record/source-progress.tsx';
import { StatusTag } from '../record/status-tag.tsx';
import { useAnnouncedChanges } from '../record/use-announced-changes.ts';
import { useRecord } from './use-record.ts';

/** Shows everything about one record, kept up to date. */
export function DetailsView({ id }: { id: string }) {
  const { texts } = usePageContext();
  const titleOf = useReportTitle();
  const { state, connection, show } = useRecord(id);
  const record = state && 'record' in state ? state.record : undefined;
  const title = record ? titleOf(record.report) : texts.title;
  useAnnouncedChanges(record && [record]);

  useEffect(() => {
    document.title = title;
  }, [title]);

  // A retry creates a new record.
  const follow = (changed: DownloadRecord) => (changed.id === id ? show(changed) : navigate(recordPath(changed.id)));
  return (
    <div className="stack">
      <nav>
        <Link to={listPath()}>← {texts.record.back}</Link>
      </nav>
      <div className="bar">
        <h1 tabIndex={-1}>{title}</h1>
        {record && <StatusTag record={record} />}
      </div>
      <ConnectionNote connection={connection} />
      {!state && <Spin aria-label={texts.loading} />}
      {state && 'error' in state && <Alert type="error" showIcon title={state.error} />}
      {record && (
        <>
          <Actions record={record} onChange={follow} />
          {record.failure && <FailureNote record={record} failure={record.failure} />}
          {record.reusedFrom !== undefined && <Alert type="info" role="note" title={texts.record.reused} />}
          <Facts record={record} />
        </>
      )}
    </div>
  );
}

function Facts({ record }: { record: DownloadRecord }) {
  const { locale, texts, format } = usePageContext();
  const { reports } = useSignedIn();
  const figuresOf = useFigures();
  const report = reports.get(record.report);
  // A record names the masked columns of its tables, whether or not the report contains them.
  const masked = (report?.columns ?? []).filter(({ name }) => record.masked.some((one) => one.endsWith(`.${name}`)));
  const conditions = describeConditions(report?.conditions ?? {}, record.conditions, locale, format);
  return (
    <>
      <Card>
        <dl className="facts">
          {figuresOf(record).map(([key, label, value]) => [
            <dt key={`${key}-name`}>{label}</dt>,
            <dd key={key}>{value}</dd>,
          ])}
          <dt>{texts.record.requestedBy}</dt>
          <dd>{texts.person(record.adminId, record.departmentId)}</dd>
          <dt>{texts.request.format}</dt>
          <dd>{record.format.toUpperCase()}</dd>
          <dt>{texts.request.locale}</dt>
          <dd>{LOCALES.find(({ value }) => value === record.locale)?.label}</dd>
          {record.cost && (
            <>
              <dt>{texts.record.cost}</dt>
              <dd>{format.usd(record.cost.total)}</dd>
            </>
          )}
          {masked.length > 0 && (
            <>
              <dt>{texts.record.masked}</dt>
              <dd>{format.list(masked.map(({ title }) => title[locale]))}</dd>
            </>
          )}
          <dt>{texts.record.id}</dt>
          <dd>
            <code>{record.id}</code>
          </dd>
        </dl>
      </Card>
      <Card title={<h2>{texts.record.progress}</h2>}>
        <SourceProgressBars record={record} />
      </Card>
      <Card title={<h2>{texts.record.conditions}</h2>}>
        <dl className="facts">
          {conditions.map(({ name, title, values }) => [
            <dt key={`${name}-name`}>{title}</dt>,
            <dd key={name}>{format.list(values)}</dd>,
          ])}
        </dl>
        {record.conditionsWithheld && <p>{texts.record.withheld}</p>}
      </Card>
      <Card title={<h2>{texts.record.history}</h2>}>
        <dl className="facts">
          {record.history.map(({ status, at }) => [
            <dt key={`${status}-name`}>{texts.status[status]}</dt>,
            <dd key={status}>
              <Instant at={at} precise />
            </dd>,
          ])}
        </dl>
      </Card>
    </>
  );
}
