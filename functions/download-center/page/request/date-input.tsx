import { Input, type InputProps, theme } from 'antd';
import type { KeyboardEvent } from 'react';
import { usePageContext } from '../common/page-context.ts';

export interface DateInputProps extends Pick<InputProps, 'id' | 'aria-label' | 'aria-describedby'> {
  /** An ISO day, or undefined while it is not whole. */
  value?: string | undefined;
  onChange?: (day: string | undefined) => void;
  /** Once Enter has said that the day is right. */
  onEnter?: () => void;
}

/**
 * The browser's own field of a day: typed in the person's order of day, month and year, or picked, and left by Tab as any other. It speaks the browser's language, which need not
 * be the page's: unless it is being filled in, the page's words stand in its place.
 */
export function DateInput({ value, onChange, onEnter, ...rest }: DateInputProps) {
  const { texts, format } = usePageContext();
  const { token } = theme.useToken();
  // A day may be wrong in a way that is only seen once it is whole: the form is sent by its button alone.
  const confirm = (event: KeyboardEvent) => {
    event.preventDefault();
    onEnter?.();
  };
  return (
    <span className="date-input">
      <Input
        {...rest}
        type="date"
        // A year of four digits: the field would take six.
        max="9999-12-31"
        value={value ?? ''}
        onChange={({ target }) => onChange?.(target.value || undefined)}
        onPressEnter={confirm}
      />
      <span
        className="date-text"
        aria-hidden
        style={{ paddingInline: token.paddingSM, color: value ? token.colorText : token.colorTextPlaceholder }}
      >
        {value ? format.day(value) : texts.request.chooseDate}
      </span>
    </span>
  );
}
