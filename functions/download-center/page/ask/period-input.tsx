import { Button } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useRef } from 'react';
import { useSurroundings } from '../common/page-context.ts';
import { DayInput, type DayInputProps } from './day-input.tsx';
import type { Days } from './fields.ts';

const DAY = 'YYYY-MM-DD';

interface PeriodInputProps extends Pick<DayInputProps, 'id' | 'aria-describedby'> {
  value?: Days;
  onChange?: (days: Days) => void;
}

/** A period of whole days, by its first and its last; the usual ones at one press, also of a key. */
export function PeriodInput({ id, value = [undefined, undefined], onChange, ...rest }: PeriodInputProps) {
  const { period, firstDay, lastDay, presets } = useSurroundings().texts.ask;
  const group = useRef<HTMLFieldSetElement>(null);
  const [from, to] = value;
  const today = dayjs();
  const previous = today.subtract(1, 'month');
  const usual: [label: string, from: Dayjs, to: Dayjs][] = [
    [presets.lastWeek, today.subtract(6, 'day'), today],
    [presets.lastMonth, today.subtract(29, 'day'), today],
    [presets.thisMonth, today.startOf('month'), today],
    [presets.previousMonth, previous.startOf('month'), previous.endOf('month')],
  ];
  const goOn = () => group.current?.querySelectorAll('input')[1]?.focus();
  return (
    <fieldset ref={group} className="period" aria-label={period}>
      <div className="days">
        <DayInput
          {...rest}
          {...(id === undefined ? {} : { id })}
          aria-label={firstDay}
          value={from}
          onChange={(day) => onChange?.([day, to])}
          onEnter={goOn}
        />
        <span aria-hidden>–</span>
        <DayInput {...rest} aria-label={lastDay} value={to} onChange={(day) => onChange?.([from, day])} />
      </div>
      <div className="bar">
        {usual.map(([label, first, last]) => (
          <Button key={label} size="small" onClick={() => onChange?.([first.format(DAY), last.format(DAY)])}>
            {label}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
