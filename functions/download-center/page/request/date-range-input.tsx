import { Button } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useRef } from 'react';
import { usePageContext } from '../common/page-context.ts';
import { DateInput, type DateInputProps } from './date-input.tsx';
import type { Days } from './fields.ts';

const DAY = 'YYYY-MM-DD';

interface DateRangeInputProps extends Pick<DateInputProps, 'id' | 'aria-describedby'> {
  value?: Days;
  onChange?: (days: Days) => void;
}

/** A period of whole days, entered as its first and last day, with a button for each usual period. */
export function DateRangeInput({ id, value = [undefined, undefined], onChange, ...rest }: DateRangeInputProps) {
  const { period, startDate, endDate, presets } = usePageContext().texts.request;
  const group = useRef<HTMLFieldSetElement>(null);
  const [from, to] = value;
  const today = dayjs();
  const previous = today.subtract(1, 'month');
  const ranges: [label: string, from: Dayjs, to: Dayjs][] = [
    [presets.last7Days, today.subtract(6, 'day'), today],
    [presets.last30Days, today.subtract(29, 'day'), today],
    [presets.thisMonth, today.startOf('month'), today],
    [presets.lastMonth, previous.startOf('month'), previous.endOf('month')],
  ];
  const focusEndDate = () => group.current?.querySelectorAll('input')[1]?.focus();
  return (
    <fieldset ref={group} className="period" aria-label={period}>
      <div className="date-range">
        <DateInput
          {...rest}
          {...(id === undefined ? {} : { id })}
          aria-label={startDate}
          value={from}
          onChange={(day) => onChange?.([day, to])}
          onEnter={focusEndDate}
        />
        <span aria-hidden>–</span>
        <DateInput {...rest} aria-label={endDate} value={to} onChange={(day) => onChange?.([from, day])} />
      </div>
      <div className="bar">
        {ranges.map(([label, first, last]) => (
          <Button key={label} size="small" onClick={() => onChange?.([first.format(DAY), last.format(DAY)])}>
            {label}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
