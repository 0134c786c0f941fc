import { Alert, Button, Form, Select } from 'antd';
import { useMemo, useState } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { DownloadRecord, DownloadRequest, Locale } from '../../../../shared/api-client/types.ts';
import { describeConditions } from '../common/condition-schema.ts';
import { errorMessage } from '../common/errors.ts';
import { usePageContext, useSignedIn } from '../common/page-context.ts';
import { LOCALES } from '../common/settings.ts';
import { useSessionEnd } from '../common/use-session-end.ts';
import { CheckNote } from './check-note.tsx';
import { ConditionField } from './condition-field.tsx';
import { placeFaults } from './faults.ts';
import { type Answers, conditionsOf, fieldsOf, hasPeriod } from './fields.ts';
import { useCheck } from './use-check.ts';

interface RequestFormProps {
  /** Changes when the check's answer may have changed. */
  activity: number;
  /** Called when something has been filled in. */
  onTouch: () => void;
  onCreated: (record: DownloadRecord) => void;
}

interface Values {
  report?: string;
  answers?: Answers;
  format?: string;
  locale?: Locale;
}

/**
 * The request form, generated from the chosen report's JSON Schema. The server checks the request while the form is
 * being filled in.
 */
export function RequestForm({ activity, onTouch, onCreated }: RequestFormProps) {
  const { client, locale, texts, format } = usePageContext();
  const { reports, announce } = useSignedIn();
  const endsSession = useSessionEnd();
  const [form] = Form.useForm<Values>();
  const values: Values = Form.useWatch([], form) ?? {};
  const [sending, setSending] = useState(false);
  const [general, setGeneral] = useState<string[]>([]);

  const report = values.report === undefined ? undefined : reports.get(values.report);
  const fields = useMemo(
    () => (report ? fieldsOf(report.conditions, locale, texts.request.period) : []),
    [report, locale, texts],
  );
  const conditions = report && conditionsOf(fields, values.answers ?? {});
  const request: DownloadRequest | undefined =
    report && conditions
      ? { report: report.id, conditions, format: values.format ?? 'csv', locale: values.locale ?? locale }
      : undefined;

  const showFaults = (error: unknown) => {
    if (endsSession(error)) return;
    const problem = error instanceof ProblemError ? error : undefined;
    const { fields: placed, others } = placeFaults(problem?.errors ?? [], fields, conditions ?? {}, format);
    form.setFields(fields.map(({ names: [name] }) => ({ name: ['answers', name], errors: placed.get(name) ?? [] })));
    const unplaced =
      error !== undefined && placed.size === 0 && others.length === 0 ? [errorMessage(error, texts)] : [];
    setGeneral([...others, ...unplaced]);
  };
  const { check, settle } = useCheck(request, activity, showFaults);
  const locked = check?.outcome === 'locked';

  const [asksWhich, setAsksWhich] = useState(false);
  const submit = async () => {
    setSending(true);
    const answer = await settle();
    // If a file exists already, or another report blocks the request, the user is told first.
    const isClear = answer?.outcome === 'new' || answer?.outcome === 'running';
    setAsksWhich(answer?.outcome === 'reusable');
    if (isClear) await send(false);
    else setSending(false);
  };
  const send = async (refresh: boolean) => {
    if (!request || !report) return;
    setSending(true);
    try {
      const record = await client.create({ ...request, refresh });
      announce(texts.request.requested(report.title[locale]));
      onCreated(record);
    } catch (error) {
      showFaults(error);
      setSending(false);
    }
  };
  /**
   * Resets the conditions, because another report has other conditions, even under the same name. Keeps the period,
   * because users compare reports over one period.
   */
  const changeReport = (id: string) => {
    const next = reports.get(id);
    const days = hasPeriod(report?.conditions) && hasPeriod(next?.conditions) ? values.answers?.from : undefined;
    form.resetFields(fields.map(({ names: [name] }) => ['answers', name]));
    form.setFieldsValue({ ...(days ? { answers: { from: days } } : {}), format: next?.formats[0] ?? 'csv' });
  };
  const examples = new Map(
    report &&
      describeConditions(report.conditions, report.example, locale, format).map(({ name, values: of }) => [name, of]),
  );
  return (
    <Form<Values>
      form={form}
      name="request"
      layout="vertical"
      initialValues={{ locale }}
      onFinish={submit}
      onValuesChange={() => {
        setAsksWhich(false);
        onTouch();
      }}
      // The page reports errors itself, in its own language.
      noValidate
      scrollToFirstError={{ focus: true }}
    >
      <Form.Item
        name="report"
        label={texts.request.report}
        rules={[{ required: true, message: texts.request.chooseReport }]}
      >
        <Select
          placeholder={texts.request.chooseReport}
          options={[...reports.values()].map(({ id, title }) => ({ value: id, label: title[locale] }))}
          onChange={changeReport}
        />
      </Form.Item>
      {report && (
        <fieldset key={report.id} className="conditions">
          <legend>{texts.request.conditions}</legend>
          {fields.map((field) => {
            const example = field.names.flatMap((name) => examples.get(name) ?? []);
            return (
              <ConditionField
                key={field.names[0]}
                field={field}
                example={field.kind === 'period' ? example.join(' – ') : format.list(example)}
              />
            );
          })}
        </fieldset>
      )}
      {report && (
        <Form.Item name="format" label={texts.request.format}>
          <Select options={report.formats.map((value) => ({ value, label: value.toUpperCase() }))} />
        </Form.Item>
      )}
      <Form.Item name="locale" label={texts.request.locale}>
        <Select options={[...LOCALES]} />
      </Form.Item>
      <div className="stack">
        {general.length > 0 && <Alert type="error" showIcon title={general.join(' ')} />}
        {check && (
          <CheckNote
            check={check}
            disabled={sending}
            takesFocus={asksWhich}
            onUseFile={() => send(false)}
            onRunAgain={() => send(true)}
          />
        )}
        {check?.outcome !== 'reusable' && (
          <Button type="primary" htmlType="submit" loading={sending} disabled={locked}>
            {texts.request.submit}
          </Button>
        )}
      </div>
    </Form>
  );
}
