import { Button } from 'antd';
import type { Session } from '../../../../shared/api-client/types.ts';
import { usePageContext } from '../common/page-context.ts';

/** Shows the signed-in person, with a button to sign out. */
export function UserMenu({ session, onSessionEnd }: { session: Session; onSessionEnd: () => void }) {
  const { client, texts } = usePageContext();
  const signOut = async () => {
    // Whether or not the server was reached, the next check of the session shows its state.
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
