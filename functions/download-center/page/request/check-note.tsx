import { Alert, Button } from 'antd';
import type { RequestCheck } from '../../../../shared/api-client/types.ts';
import { Link } from '../common/link.tsx';
import { usePageContext } from '../common/page-context.ts';
import { recordPath } from '../common/router.ts';
import { useNow } from '../common/use-now.ts';

interface CheckNoteProps {
  check: RequestCheck;
  disabled: boolean;
  /** The button that asked has given way to these. */
  takesFocus: boolean;
  onUseFile: () => void;
  onRunAgain: () => void;
}

/** What there is already that bears on the request, and the ways on from there. */
export function CheckNote({ check, disabled, takesFocus, onUseFile, onRunAgain }: CheckNoteProps) {
  const { texts, format } = usePageContext();
  const now = useNow(60_000);
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
            <Button type="primary" disabled={disabled} autoFocus={takesFocus} onClick={onUseFile}>
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
