import { Form, Input, InputNumber, Select, Switch } from 'antd';
import type { ReactNode } from 'react';
import { useSurroundings } from '../common/page-context.ts';
import type { Texts } from '../texts/en.ts';
import { DayInput } from './day-input.tsx';
import { type Field, isMissing, listOf } from './fields.ts';
import { PeriodInput } from './period-input.tsx';

/** The field of a condition, with a label, a hint, and place for what is wrong with it. */
export function ConditionField({ field, example }: { field: Field; example: string }) {
  const { locale, texts } = useSurroundings();
  const hints = [
    // The options show what may be given.
    ...(example === '' || field.kind === 'choice' ? [] : [texts.ask.forExample(example)]),
    ...(field.kind === 'list' ? [texts.ask.listHint] : []),
  ];
  return (
    <Form.Item
      name={['answers', field.names[0]]}
      label={field.title}
      extra={hints.join(locale === 'en' ? ' ' : '') || undefined}
      initialValue={field.preset}
      required={field.required}
      rules={[{ validator: async (_, answer) => given(field, answer, texts) }]}
      {...bindingOf(field)}
    >
      {useControl(field)}
    </Form.Item>
  );
}

function given(field: Field, answer: unknown, texts: Texts): void {
  if (!isMissing(field, answer)) return;
  const chosen = field.kind === 'choice' || field.kind === 'date' || field.kind === 'period';
  throw new Error((chosen ? texts.ask.choose : texts.ask.required)(field.title));
}

/** How the control's value stands in the form. */
function bindingOf(field: Field): object {
  switch (field.kind) {
    case 'flag':
      return { valuePropName: 'checked' };
    case 'list':
      return { normalize: (entries: (string | number)[]) => listOf(entries.map(String), field.numeric) };
    default:
      return {};
  }
}

function useControl(field: Field): ReactNode {
  const { texts } = useSurroundings();
  switch (field.kind) {
    case 'period':
      return <PeriodInput />;
    case 'date':
      return <DayInput />;
    case 'choice':
      return (
        <Select
          {...(field.several ? { mode: 'multiple' as const } : {})}
          allowClear={!field.required}
          options={field.options}
          showSearch={{ optionFilterProp: 'label' }}
          // Tab leads on: the component would take it for Enter, and keep who is there.
          onInputKeyDown={(event) => event.key === 'Tab' && field.several && event.stopPropagation()}
        />
      );
    case 'list':
      return <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，', '、', ' ', '\n', '\t']} />;
    case 'number':
      return <InputNumber {...limitsOf(field)} {...(field.whole ? { precision: 0 } : {})} />;
    case 'flag':
      return <Switch checkedChildren={texts.ask.yes} unCheckedChildren={texts.ask.no} />;
    case 'text':
      return <Input {...(field.longest === undefined ? {} : { maxLength: field.longest, showCount: true })} />;
  }
}

function limitsOf({ least, most }: Extract<Field, { kind: 'number' }>): { min?: number; max?: number } {
  return { ...(least === undefined ? {} : { min: least }), ...(most === undefined ? {} : { max: most }) };
}
