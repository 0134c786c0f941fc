import { Button, DatePicker } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import type { ComponentProps } from 'react';
import { useSurroundings } from '../common/page-context.ts';
import { DayInput } from './day-input.tsx';

const DAY = 'YYYY-MM-DD';

type Days = [from: string, to: string];

interface PeriodPickerProps extends Pick<ComponentProps<typeof DatePicker.RangePicker>, 'id' | 'aria-describedby'> {
  /** ISO days. */
  value?: Days;
  onChange?: (days: Days | undefined) => void;
}

/** A period of whole days, typed or picked; the usual ones at one press, also of a key. */
export function PeriodPicker({ value, onChange, ...rest }: PeriodPickerProps) {
  const { lastWeek, lastMonth, thisMonth, previousMonth } = useSurroundings().texts.ask.presets;
  const today = dayjs();
  const previous = today.subtract(1, 'month');
  const presets: [label: string, from: Dayjs, to: Dayjs][] = [
    [lastWeek, today.subtract(6, 'day'), today],
    [lastMonth, today.subtract(29, 'day'), today],
    [thisMonth, today.startOf('month'), today],
    [previousMonth, previous.startOf('month'), previous.endOf('month')],
  ];
  const take = (from: Dayjs | null | undefined, to: Dayjs | null | undefined) =>
    onChange?.(from && to ? [from.format(DAY), to.format(DAY)] : undefined);
  return (
    <>
      <DatePicker.RangePicker
        {...rest}
        value={value ? [dayjs(value[0]), dayjs(value[1])] : null}
        onChange={(days) => take(days?.[0], days?.[1])}
        components={{ input: DayInput }}
      />
      <div className="bar">
        {presets.map(([label, from, to]) => (
          <Button key={label} type="link" size="small" onClick={() => take(from, to)}>
            {label}
          </Button>
        ))}
      </div>
    </>
  );
}
