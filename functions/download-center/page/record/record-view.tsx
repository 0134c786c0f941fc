import { Alert, Card, Spin } from 'antd';
import { useEffect } from 'react';
import type { DownloadRecord } from '../../../../shared/api-client/types.ts';
import { describeConditions } from '../ask/fields.ts';
import { Instant } from '../common/instant.tsx';
import { Link } from '../common/link.tsx';
import { useReportTitle, useSignedIn, useSurroundings } from '../common/page-context.ts';
import { navigate, recordPath } from '../common/router.ts';
import { LOCALES } from '../common/settings.ts';
import { useFigures } from '../list/figures.tsx';
import { useAnnouncedChanges } from '../list/use-downloads.ts';
import { Actions } from './actions.tsx';
import { FailureNote } from './failure-note.tsx';
import { SourceProgressBars } from './source-progress.tsx';
import { StatusTag } from './status-tag.tsx';
import { useRecord } from './use-record.ts';

/** All there is to know of one record, as it goes on. */
export function RecordView({ id }: { id: string }) {
  const { texts } = useSurroundings();
  const titleOf = useReportTitle();
  const { state, broken, show } = useRecord(id);
  const record = state && 'record' in state ? state.record : undefined;
  const title = record ? titleOf(record.report) : texts.title;
  useAnnouncedChanges(record && [record]);

  useEffect(() => {
    document.title = title;
  }, [title]);

  // A retry is a record of its own.
  const follow = (changed: DownloadRecord) => (changed.id === id ? show(changed) : navigate(recordPath(changed.id)));
  return (
    <div className="stack">
      <nav>
        <Link to="/">← {texts.record.back}</Link>
      </nav>
      <div className="bar">
        <h1 tabIndex={-1}>{title}</h1>
        {record && <StatusTag record={record} />}
      </div>
      {broken && <Alert type="warning" showIcon title={texts.list.broken} />}
      {!state && <Spin aria-label={texts.loading} />}
      {state && 'fault' in state && <Alert type="error" showIcon title={state.fault} />}
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
  const { locale, texts, format } = useSurroundings();
  const { reports } = useSignedIn();
  const figuresOf = useFigures();
  const report = reports.get(record.report);
  // A record names what is masked of the tables, whether or not the report has it.
  const masked = (report?.columns ?? []).filter(({ name }) => record.masked.some((one) => one.endsWith(`.${name}`)));
  const conditions = describeConditions(report?.conditions ?? {}, record.conditions, locale);
  return (
    <>
      <Card>
        <dl className="facts">
          {figuresOf(record).map(([key, label, value]) => [
            <dt key={`${key}-name`}>{label}</dt>,
            <dd key={key}>{value}</dd>,
          ])}
          <dt>{texts.record.askedBy}</dt>
          <dd>{texts.record.admin(record.adminId, record.departmentId)}</dd>
          <dt>{texts.ask.format}</dt>
          <dd>{record.format.toUpperCase()}</dd>
          <dt>{texts.ask.locale}</dt>
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
