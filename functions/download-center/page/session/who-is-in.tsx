import { Button } from 'antd';
import type { Session } from '../../../../shared/api-client/types.ts';
import { useSurroundings } from '../common/page-context.ts';

/** Who has signed in, and their way out. */
export function WhoIsIn({ session, onSessionEnd }: { session: Session; onSessionEnd: () => void }) {
  const { client, texts } = useSurroundings();
  const signOut = async () => {
    // Whether or not it was reached, the next look at the session tells how things stand.
    await client.signOut().catch(() => {});
    onSessionEnd();
  };
  return (
    <>
      <span>{texts.signIn.who(session.adminId, session.departmentId)}</span>
      <Button onClick={signOut}>{texts.signIn.signOut}</Button>
    </>
  );
}
