import { Alert, Button } from 'antd';
import type { RequestCheck } from '../../../../shared/api-client/types.ts';
import { Link } from '../common/link.tsx';
import { useSurroundings } from '../common/page-context.ts';
import { recordPath } from '../common/router.ts';
import { useNow } from '../common/use-now.ts';

interface CheckNoteProps {
  check: RequestCheck;
  disabled: boolean;
  onUseFile: () => void;
  onRunAgain: () => void;
}

/** What there is already that bears on the request, and the ways on from there. */
export function CheckNote({ check, disabled, onUseFile, onRunAgain }: CheckNoteProps) {
  const { texts, format } = useSurroundings();
  const now = useNow(60_000);
  const { outcome, record, completedAt } = check;
  if (outcome === 'reusable' && completedAt) {
    const at = format.brief(completedAt, now);
    return (
      <Alert
        type="info"
        role="status"
        showIcon
        title={texts.ask.reusable(at)}
        description={
          <div className="bar">
            <Button type="primary" disabled={disabled} onClick={onUseFile}>
              {texts.ask.useFile(at)}
            </Button>
            <Button disabled={disabled} onClick={onRunAgain}>
              {texts.ask.runAgain}
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
      title={locked ? texts.ask.locked : texts.ask.running}
      description={<Link to={recordPath(record.id)}>{texts.ask.showActive}</Link>}
    />
  );
}
