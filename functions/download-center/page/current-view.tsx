import { lazy, Suspense, useEffect, useRef } from 'react';
import { LoadBoundary } from './common/load-boundary.tsx';
import { usePageContext } from './common/page-context.ts';
import { routeOf, usePath } from './common/router.ts';
import { DetailsView } from './details/details-view.tsx';
import { ListView } from './list/list-view.tsx';
import { NotFoundView } from './not-found-view.tsx';

const RequestDrawer = lazy(async () => ({ default: (await import('./request/request-drawer.tsx')).RequestDrawer }));

/** The view for the current path. */
export function CurrentView() {
  const { locale } = usePageContext();
  const path = usePath();
  const route = routeOf(path);
  useFocusOnNavigation(path);

  if (route.view === 'none') return <NotFoundView />;
  if (route.view === 'details') return <DetailsView key={route.id} id={route.id} />;
  return (
    <ListView
      renderRequest={(props) => (
        <LoadBoundary locale={locale}>
          <Suspense>
            <RequestDrawer {...props} />
          </Suspense>
        </LoadBoundary>
      )}
    />
  );
}

/**
 * Moves the focus to the new view's heading for users of screen readers. For the first view, the browser does this in
 * its own way.
 */
function useFocusOnNavigation(path: string): void {
  const shown = useRef(path);
  useEffect(() => {
    if (shown.current === path) return;
    shown.current = path;
    document.querySelector<HTMLElement>('h1')?.focus();
  }, [path]);
}
