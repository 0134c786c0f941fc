import { DatePicker, Form, Input, InputNumber, Select, Switch } from 'antd';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { useSurroundings } from '../common/page-context.ts';
import { type Field, listOf } from './fields.ts';
import { PeriodPicker } from './period-picker.tsx';

const DAY = 'YYYY-MM-DD';

/** The field of a condition, with a label, a hint, and place for what is wrong with it. */
export function ConditionField({ field, example }: { field: Field; example: string }) {
  const { texts } = useSurroundings();
  const hints = [
    ...(example === '' ? [] : [texts.ask.forExample(example)]),
    ...(field.kind === 'list' ? [texts.ask.listHint] : []),
  ];
  return (
    <Form.Item
      name={['answers', field.names[0]]}
      label={field.title}
      extra={hints.join(' ') || undefined}
      initialValue={field.preset}
      rules={field.required ? [{ required: true, message: texts.ask.required(field.title) }] : []}
      {...bindingOf(field)}
    >
      {useControl(field)}
    </Form.Item>
  );
}

/** How the control's value stands in the form: days as ISO text, which is what the API takes. */
function bindingOf(field: Field): object {
  switch (field.kind) {
    case 'flag':
      return { valuePropName: 'checked' };
    case 'date':
      return {
        getValueProps: (day?: string) => ({ value: day && dayjs(day) }),
        normalize: (day?: dayjs.Dayjs) => day?.format(DAY),
      };
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
      return <PeriodPicker />;
    case 'date':
      return <DatePicker />;
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
      return (
        <Input allowClear {...(field.longest === undefined ? {} : { maxLength: field.longest, showCount: true })} />
      );
  }
}

function limitsOf({ least, most }: Extract<Field, { kind: 'number' }>): { min?: number; max?: number } {
  return { ...(least === undefined ? {} : { min: least }), ...(most === undefined ? {} : { max: most }) };
}
