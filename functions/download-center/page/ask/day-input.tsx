import { Input, type InputProps } from 'antd';
import type { KeyboardEvent } from 'react';

export interface DayInputProps extends Pick<InputProps, 'id' | 'aria-label' | 'aria-describedby'> {
  /** An ISO day, or undefined while it is not whole. */
  value?: string | undefined;
  onChange?: (day: string | undefined) => void;
  /** Once Enter has said that the day is right. */
  onEnter?: () => void;
}

/** The browser's own field of a day: in the person's order of day, month and year, typed or picked, and left by Tab as any other. */
export function DayInput({ value, onChange, onEnter, ...rest }: DayInputProps) {
  // A day may be wrong in a way that is only seen once it is whole: the form is sent by its button alone.
  const confirm = (event: KeyboardEvent) => {
    event.preventDefault();
    onEnter?.();
  };
  return (
    <Input
      {...rest}
      type="date"
      // A year of four digits: the field would take six.
      max="9999-12-31"
      value={value ?? ''}
      onChange={({ target }) => onChange?.(target.value || undefined)}
      onPressEnter={confirm}
    />
  );
}
