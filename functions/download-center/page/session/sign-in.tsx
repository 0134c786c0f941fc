import { Button, Card } from 'antd';
import { usePageContext } from '../common/page-context.ts';
import { usePath, useSearch } from '../common/router.ts';

/** Links to the sign-in service, which leads back to the requested view. */
export function SignIn({ signInUrl }: { signInUrl: string | undefined }) {
  const { texts } = usePageContext();
  const path = usePath();
  const search = useSearch();
  return (
    <Card>
      <div className="stack">
        <h1>{texts.signIn.heading}</h1>
        <p>{texts.signIn.hint}</p>
        {signInUrl !== undefined && (
          <Button type="primary" size="large" href={withReturn(signInUrl, path + search)}>
            {texts.signIn.button}
          </Button>
        )}
      </div>
    </Card>
  );
}

function withReturn(signInUrl: string, to: string): string {
  const url = new URL(signInUrl, location.origin);
  url.searchParams.set('to', to);
  return url.href;
}
