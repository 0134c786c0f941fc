import { Alert, Button } from 'antd';
import { useEffect, useRef } from 'react';
import type { RequestCheck } from '../../../../shared/api-client/types.ts';
import { Link } from '../common/link.tsx';
import { usePageContext } from '../common/page-context.ts';
import { recordPath } from '../common/router.ts';
import { useNow } from '../common/use-now.ts';

interface CheckNoteProps {
  check: RequestCheck;
  disabled: boolean;
  /** Whether the buttons take the focus, because they have replaced the button that was pressed. */
  takesFocus: boolean;
  onUseFile: () => void;
  onRunAgain: () => void;
}

/** Shows what already exists for the request, and the possible next steps. */
export function CheckNote({ check, disabled, takesFocus, onUseFile, onRunAgain }: CheckNoteProps) {
  const { texts, format } = usePageContext();
  const now = useNow(60_000);
  const useFile = useRef<HTMLButtonElement>(null);
  // Not by `autoFocus`: the note may exist before the button is pressed, and its own buttons are disabled meanwhile.
  useEffect(() => {
    if (takesFocus && !disabled) useFile.current?.focus();
  }, [takesFocus, disabled]);
  const { outcome, record, completedAt } = check;
  if (outcome === 'reusable' && completedAt) {
    const at = format.brief(completedAt, now);
    return (
      <Alert
        type="info"
        role="status"
        showIcon
        title={texts.request.reusable(at)}
        description={
          <div className="bar">
            <Button ref={useFile} type="primary" disabled={disabled} onClick={onUseFile}>
              {texts.request.useFile(at)}
            </Button>
            <Button disabled={disabled} onClick={onRunAgain}>
              {texts.action.runAgain}
            </Button>
          </div>
        }
      />
    );
  }
  if (!record) return null;
  const locked = outcome === 'locked';
  return (
    <Alert
      type={locked ? 'warning' : 'info'}
      role="status"
      showIcon
      title={locked ? texts.request.locked : texts.request.running}
      description={<Link to={recordPath(record.id)}>{texts.action.viewReport}</Link>}
    />
  );
}
