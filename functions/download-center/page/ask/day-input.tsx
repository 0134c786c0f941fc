import type { ComponentProps } from 'react';

type DayInputProps = ComponentProps<'input'> & { 'date-range'?: 'start' | 'end' };

/** A day's input within a date picker. The form's label names the first of a period: the second would have no name. */
export function DayInput(props: DayInputProps) {
  return <input {...props} {...(props['date-range'] === 'end' ? { 'aria-label': props.placeholder } : {})} />;
}
