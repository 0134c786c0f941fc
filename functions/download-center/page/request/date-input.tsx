import { Input, type InputProps, theme } from 'antd';
import type { KeyboardEvent } from 'react';
import { usePageContext } from '../common/page-context.ts';

export interface DateInputProps extends Pick<InputProps, 'id' | 'aria-label' | 'aria-describedby'> {
  /** An ISO day, or undefined while it is incomplete. */
  value?: string | undefined;
  onChange?: (day: string | undefined) => void;
  /** Called when Enter confirms the day. */
  onEnter?: () => void;
}

/**
 * The browser's own date input: the day is typed in the person's order of day, month and year, or picked, and Tab
 * leaves it like any other input. It uses the browser's language, which may differ from the page's. Therefore the
 * page's text covers it except while it is being filled in.
 */
export function DateInput({ value, onChange, onEnter, ...rest }: DateInputProps) {
  const { texts, format } = usePageContext();
  const { token } = theme.useToken();
  // Enter does not submit the form, only its button does: a day may be wrong in a way that shows only once it is
  // complete.
  const confirm = (event: KeyboardEvent) => {
    event.preventDefault();
    onEnter?.();
  };
  return (
    <span className="date-input">
      <Input
        {...rest}
        type="date"
        // Limits the year to four digits; the input would accept six.
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
