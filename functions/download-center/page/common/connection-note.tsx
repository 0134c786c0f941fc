import { Alert } from 'antd';
import { usePageContext } from './page-context.ts';
import type { Connection } from './use-watch.ts';

/** Shows a note if the view is not updated immediately. */
export function ConnectionNote({ connection }: { connection: Connection }) {
  const { texts } = usePageContext();
  if (connection === 'live') return null;
  if (connection === 'limited') return <Alert type="info" showIcon title={texts.limited} />;
  if (connection === 'lost') return <Alert type="warning" showIcon title={texts.disconnected} />;
  return <Alert type="error" showIcon title={connection.refusal} />;
}
