import { useEffect } from 'react';
import { Link } from './common/link.tsx';
import { usePageContext } from './common/page-context.ts';
import { listPath } from './common/router.ts';

/** The view for a path that names none. */
export function NotFoundView() {
  const { texts } = usePageContext();
  useEffect(() => {
    document.title = texts.title;
  }, [texts]);
  return (
    <div className="stack">
      <h1 tabIndex={-1}>{texts.noSuchPage}</h1>
      <nav>
        <Link to={listPath()}>← {texts.record.back}</Link>
      </nav>
    </div>
  );
}
