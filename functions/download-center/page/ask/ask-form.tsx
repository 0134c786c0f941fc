import { Alert, Button, Form, Select } from 'antd';
import { useMemo, useState } from 'react';
import { ProblemError } from '../../../../shared/api-client/problem-error.ts';
import type { DownloadRecord, DownloadRequest, Locale } from '../../../../shared/api-client/types.ts';
import { useSignedIn, useSurroundings } from '../common/page-context.ts';
import { LOCALES } from '../common/settings.ts';
import { wordsOf } from '../common/use-attempt.tsx';
import { CheckNote } from './check-note.tsx';
import { ConditionField } from './condition-field.tsx';
import { placeFaults } from './faults.ts';
import { type Answers, conditionsOf, describeConditions, fieldsOf } from './fields.ts';
import { useCheck } from './use-check.ts';

interface AskFormProps {
  /** Changes when the check's answer may. */
  activity: number;
  onAnswer: (record: DownloadRecord) => void;
}

interface Values {
  report?: string;
  answers?: Answers;
  format?: string;
  locale?: Locale;
}

/** The form of a request, made from the chosen report's JSON Schema. The server checks it as it is filled in. */
export function AskForm({ activity, onAnswer }: AskFormProps) {
  const { client, locale, texts, format } = useSurroundings();
  const { reports, onSessionEnd, announce } = useSignedIn();
  const [form] = Form.useForm<Values>();
  const values: Values = Form.useWatch([], form) ?? {};
  const [sending, setSending] = useState(false);
  const [general, setGeneral] = useState<string[]>([]);

  const report = values.report === undefined ? undefined : reports.get(values.report);
  const fields = useMemo(
    () => (report ? fieldsOf(report.conditions, locale, texts.ask.period) : []),
    [report, locale, texts],
  );
  const conditions = report && conditionsOf(fields, values.answers ?? {});
  const request: DownloadRequest | undefined =
    report && conditions
      ? { report: report.id, conditions, format: values.format ?? 'csv', locale: values.locale ?? locale }
      : undefined;

  const showFaults = (error: unknown) => {
    if (error instanceof ProblemError && error.status === 401) onSessionEnd();
    const problem = error instanceof ProblemError ? error : undefined;
    const { fields: placed, others } = placeFaults(problem?.errors ?? [], fields, conditions);
    form.setFields(fields.map(({ names: [name] }) => ({ name: ['answers', name], errors: placed.get(name) ?? [] })));
    const said = error !== undefined && placed.size === 0 && others.length === 0 ? [wordsOf(error, texts)] : [];
    setGeneral([...others, ...said]);
  };
  const check = useCheck(request, activity, showFaults);
  const locked = check?.outcome === 'locked';

  const send = async (refresh: boolean) => {
    if (!request || !report) return;
    setSending(true);
    try {
      const record = await client.create({ ...request, refresh });
      announce(texts.ask.asked(report.title[locale]));
      onAnswer(record);
    } catch (error) {
      showFaults(error);
      setSending(false);
    }
  };
  const examples = new Map(
    report && describeConditions(report.conditions, report.example, locale).map(({ name, values: of }) => [name, of]),
  );
  return (
    <Form<Values>
      form={form}
      name="ask"
      layout="vertical"
      initialValues={{ locale }}
      onFinish={() => send(false)}
      scrollToFirstError={{ focus: true }}
    >
      <Form.Item name="report" label={texts.ask.report} rules={[{ required: true, message: texts.ask.chooseReport }]}>
        <Select
          placeholder={texts.ask.chooseReport}
          options={[...reports.values()].map(({ id, title }) => ({ value: id, label: title[locale] }))}
          // Another report has other conditions.
          onChange={(id: string) => form.setFieldsValue({ answers: {}, format: reports.get(id)?.formats[0] ?? 'csv' })}
        />
      </Form.Item>
      {report && (
        <fieldset key={report.id} className="conditions">
          <legend>{texts.ask.conditions}</legend>
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
        <Form.Item name="format" label={texts.ask.format}>
          <Select options={report.formats.map((value) => ({ value, label: value.toUpperCase() }))} />
        </Form.Item>
      )}
      <Form.Item name="locale" label={texts.ask.locale}>
        <Select options={[...LOCALES]} />
      </Form.Item>
      <div className="stack">
        {general.length > 0 && <Alert type="error" showIcon title={general.join(' ')} />}
        {check && (
          <CheckNote check={check} disabled={sending} onUseFile={() => send(false)} onRunAgain={() => send(true)} />
        )}
        {check?.outcome !== 'reusable' && (
          <Button type="primary" htmlType="submit" loading={sending} disabled={locked}>
            {texts.ask.submit}
          </Button>
        )}
      </div>
    </Form>
  );
}
