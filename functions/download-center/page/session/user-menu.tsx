import { Button } from 'antd';
import type { Session } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';

/** Who has signed in, and their way out. */
export function UserMenu({ session, onSessionEnd }: { session: Session; onSessionEnd: () => void }) {
  const { client, texts } = usePageContext();
  const signOut = async () => {
    // Whether or not it was reached, the next look at the session tells how things stand.
    await client.signOut().catch(() => {});
    onSessionEnd();
  };
  return (
    <>
      <span>{texts.person(session.adminId, session.departmentId)}</span>
      <Button onClick={signOut}>{texts.signIn.signOut}</Button>
    </>
  );
}
