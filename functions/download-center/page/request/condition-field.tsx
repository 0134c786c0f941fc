import { Form, Input, InputNumber, Select, Switch } from 'antd';
import { type ReactNode, useRef } from 'react';
import { usePageContext } from '../common/page-context.ts';
import type { Texts } from '../texts/en.ts';
import { DateInput } from './date-input.tsx';
import { DateRangeInput } from './date-range-input.tsx';
import { type Field, isMissing, parseList } from './fields.ts';

/** The form field of a condition, with a label, a hint, and space for errors. */
export function ConditionField({ field, example }: { field: Field; example: string }) {
  const { locale, texts } = usePageContext();
  const place = useRef<HTMLDivElement>(null);
  const check = async (answer: unknown) => {
    // An invalid day yields no value, so only the browser's input knows about it.
    const inputs = place.current?.querySelectorAll('input') ?? [];
    if ([...inputs].some(({ validity }) => validity.badInput)) throw new Error(texts.request.noSuchDay);
    demandAnswer(field, answer, texts);
  };
  const hints = [
    // The options already show what is possible.
    ...(example === '' || field.kind === 'choice' ? [] : [texts.request.example(example)]),
    ...(field.kind === 'list' ? [texts.request.listHint] : []),
  ];
  return (
    <div ref={place}>
      <Form.Item
        name={['answers', field.names[0]]}
        label={field.title}
        extra={hints.join(locale === 'en' ? ' ' : '') || undefined}
        initialValue={field.defaultValue}
        required={field.required}
        rules={[{ validator: (_, answer) => check(answer) }]}
        {...bindingOf(field)}
      >
        {useControl(field)}
      </Form.Item>
    </div>
  );
}

function demandAnswer(field: Field, answer: unknown, texts: Texts): void {
  if (!isMissing(field, answer)) return;
  const isChosen = field.kind === 'choice' || field.kind === 'date' || field.kind === 'period';
  throw new Error((isChosen ? texts.request.choose : texts.request.required)(field.title));
}

/** Returns how the control's value is bound to the form. */
function bindingOf(field: Field): object {
  switch (field.kind) {
    case 'boolean':
      return { valuePropName: 'checked' };
    case 'list':
      return { normalize: (entries: (string | number)[]) => parseList(entries.map(String), field.numeric) };
    default:
      return {};
  }
}

function useControl(field: Field): ReactNode {
  const { texts } = usePageContext();
  switch (field.kind) {
    case 'period':
      return <DateRangeInput />;
    case 'date':
      return <DateInput />;
    case 'choice':
      return (
        <Select
          {...(field.multiple ? { mode: 'multiple' as const } : {})}
          allowClear={!field.required}
          options={field.options}
          showSearch={{ optionFilterProp: 'label' }}
          // Tab moves to the next field: the component would treat it as Enter and keep the user here.
          onInputKeyDown={(event) => event.key === 'Tab' && field.multiple && event.stopPropagation()}
        />
      );
    case 'list':
      return (
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={[',', '，', '、', ';', '；', ' ', '　', '\n', '\t']}
          // Hundreds of pasted entries would push the rest of the form out of view.
          maxTagCount={30}
        />
      );
    case 'number':
      return <InputNumber {...limitsOf(field)} {...(field.integer ? { precision: 0 } : {})} />;
    case 'boolean':
      return <Switch checkedChildren={texts.request.yes} unCheckedChildren={texts.request.no} />;
    case 'text':
      return <Input {...(field.maxLength === undefined ? {} : { maxLength: field.maxLength, showCount: true })} />;
  }
}

function limitsOf({ min, max }: Extract<Field, { kind: 'number' }>): { min?: number; max?: number } {
  return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
}
